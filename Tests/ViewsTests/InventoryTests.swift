import OrderedCollections
import Testing
import Tree
import Views

@Suite("The inventory")
struct InventoryTests {
    private func inventory(_ paths: [String], folders: [String] = []) throws -> Inventory {
        Inventory(
            hosts: try paths.map { Inventory.Host(try machine($0)) }, folders: try folders.map { try Path($0) })
    }

    @Test("has a group for each folder, nested as the folders are, with the machines directly in it")
    func nesting() throws {
        let document = try inventory(["/courses/so/web", "/courses/so/alice/db", "/courses/gate"]).document
        #expect(document["courses"] == ["hosts": ["gate.courses"], "children": ["courses__so"]])
        #expect(document["courses__so"] == ["hosts": ["web.so.courses"], "children": ["courses__so__alice"]])
        #expect(document["courses__so__alice"] == ["hosts": ["db.alice.so.courses"]])
    }

    @Test("lists every host in some group, and the groups that are nobody's children under all")
    func all() throws {
        let inventory = try inventory(["/courses/so/web", "/gate"])
        #expect(inventory.document["all"] == ["hosts": [], "children": ["courses", "state_running", "ungrouped"]])
        #expect(Set(inventory.groups.values.flatMap(\.hosts)) == ["gate", "web.so.courses"])
    }

    @Test("has a list of hosts in an empty group too, for Ansible takes {} for a host and refuses null")
    func empty() throws {
        let document = try inventory([], folders: ["/courses/so"]).document
        #expect(
            json(document) == """
                {"all":{"hosts":[],"children":["courses","ungrouped"]},"courses":{"hosts":[],"children":["courses__so"]},\
                "courses__so":{"hosts":[]},"ungrouped":{"hosts":[]}}
                """)
    }

    @Test("has only the groups involved, and the folders above them, so that narrowing changes no host's groups")
    func narrowed() throws {
        let whole = try inventory(["/a/b/c/web", "/a/x/web", "/z/web"], folders: ["/a/b/empty"])
        let narrow = try inventory(["/a/b/c/web"])
        #expect(narrow.groups.keys == ["all", "a", "a__b", "a__b__c", "state_running", "ungrouped"])
        #expect(whole.groups["a__b__c"] == narrow.groups["a__b__c"])
    }

    @Test("has its groups in one order whatever that of folders is, and hosts in the order given")
    func deterministic() throws {
        let paths = ["/b/web", "/a/web", "/a/c/web", "/a/b/db", "/web"]
        let folders = ["/a", "/a/e", "/b", "/d/e/f"]
        let one = try inventory(paths, folders: folders)
        let other = try inventory(paths, folders: folders.reversed())
        #expect(json(one.document) == json(other.document))
        let reversed = try inventory(paths.reversed(), folders: folders)
        #expect(reversed.groups.keys == one.groups.keys)
        #expect(reversed.groups.mapValues(\.hosts) == one.groups.mapValues { $0.hosts.reversed() })
        #expect(one.groups["a"]?.children == ["a__b", "a__c", "a__e"])
        #expect(one.groups.keys.dropFirst().map { $0 } == one.groups.keys.dropFirst().sorted())
    }

    @Test("puts the hosts' variables beside the groups, under _meta")
    func meta() throws {
        let document = try inventory(["/web"]).document(hostvars: ["web": ["a": 1]])
        #expect(document.keys.first == "_meta")
        #expect(document["_meta"] == ["hostvars": ["web": ["a": 1]]])
        #expect(document.keys.contains("all"))
    }
}
