import Cascade
import Formats
import Foundation
import OrderedCollections
import Testing
import Tree
import Views

/// Each folder of `fixtures/views` holds a machine and what each tool is to get of it.
///
/// With `HEADWATER_RECORD=1` the documents are written anew, and the test fails so that nobody takes that for a proof.
@Suite("Documents on file")
struct GoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../fixtures/views").standardizedFileURL

    private static let isRecording = ProcessInfo.processInfo.environment["HEADWATER_RECORD"] == "1"

    @Test("stay as they are", arguments: try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted())
    func documents(_ name: String) throws {
        let folder = Self.folder.appending(path: name)
        let subject = try Self.subject(YAML.decode([UInt8](Data(contentsOf: folder.appending(path: "machine.yaml")))))
        #expect(subject.computed.problems == [])
        for (document, value) in Self.documents(of: subject) {
            let file = folder.appending(path: document + ".json")
            let bytes = JSON.encode(.map(value), pretty: true)
            if Self.isRecording {
                try Data(bytes).write(to: file)
                Issue.record("recorded \(name)/\(document).json")
            } else {
                let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
                #expect(String(decoding: bytes, as: UTF8.self) == expected, "\(name)/\(document).json")
            }
        }
    }

    private static func documents(of subject: Subject) -> OrderedDictionary<String, Map> {
        let inventory = Inventory(hosts: [Inventory.Host(subject)])
        let hostvars: Map = [Key(subject.computed.certname): .map(Ansible.variables(subject))]
        return [
            "enc": ENC.document(subject), "hiera": Hiera.document(subject),
            "ansible": inventory.document(hostvars: hostvars),
            "pillar": Pillar.document(subject), "top": Pillar.top(subject),
        ]
    }

    private static func subject(_ value: Value) throws -> Subject {
        let map = try #require(value.map)
        let path = try Path(try #require(map["path"]?.string))
        let root = Layer(source: Source(path: .root, isCommon: true), definition: map.map("common"), revision: 3)
        let local = Layer(source: Source(path: path, isCommon: false), definition: map.map("definition"), revision: 7)
        let nics = map.map("nics").mapValues { nic in
            func addresses(_ key: String) -> [String] { (nic.map?[key]?.list ?? []).compactMap(\.string) }
            return Facts.NIC(mac: nic.map?["mac"]?.string, ipv4: addresses("ipv4"), ipv6: addresses("ipv6"))
        }
        let facts = Facts(
            state: try #require(map["state"]?.string), hypervisor: map["hypervisor"]?.string,
            nics: OrderedDictionary(uniqueKeysWithValues: nics.map { ($0.key.text, $0.value) }))
        return Subject(Inheritance(root: root).compute(local), facts)
    }
}
