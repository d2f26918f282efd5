import Access
import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

/// The images that disks are made of.
enum ImageRoutes {
    static let all: [ServiceRoute] = [
        .wait(
            .get, "/v1/images", .known, "the images that the tree names, whether they are there, and who leans on them",
            [], images)
    ]

    /// How many seconds a hypervisor is given to answer.
    private static let patience = 10

    private static func images(_ call: Call) async throws(ServiceError) -> Response {
        let items = try await call.aside { call in
            Catalogue(call.snapshot, call.sees).items.filter { item in item.folder.map(call.sees) ?? true }
        }
        let places = await look(for: items, call.parts.hypervisors)
        var images: [Value] = []
        for (index, item) in items.enumerated() {
            let machines = item.machines
            guard item.folder != nil || !machines.isEmpty else { continue }
            var map = item.image.map
            map["folder"] = item.folder.map { .string("\($0)") } ?? .null
            map["places"] = .list(places[index] ?? [])
            map["machines"] = .list(machines.map { .string("\($0)") })
            images.append(.map(map))
        }
        return call.answer(["images": .list(images)])
    }

    /// What each hypervisor has of each image, by the image's place in the list.
    private static func look(for items: [Catalogue.Item], _ connections: Connections) async -> [Int: [Value]] {
        await withTaskGroup { group in
            for (index, item) in items.enumerated() {
                for (place, endpoint) in item.hypervisors.enumerated() {
                    group.addTask { (index, place, await look(for: item.image, on: endpoint, connections)) }
                }
            }
            var found: [(Int, Int, Value)] = []
            for await one in group { found.append(one) }
            return Dictionary(grouping: found.sorted { $0.1 < $1.1 }, by: \.0).mapValues { $0.map(\.2) }
        }
    }

    private static func look(for image: Image, on endpoint: Endpoint, _ connections: Connections) async -> Value {
        var map: Map = ["hypervisor": .string(endpoint.name)]
        do throws(DriverError) {
            guard let driver = connections.driver(for: endpoint) as? any Imaging else {
                throw DriverError(.unsupported, hypervisor: endpoint.name, "it cannot look for images")
            }
            let found = try await driver.within(patience, of: endpoint.name) { _ throws(DriverError) in
                try await driver.find(image)
            }
            map["there"] = true
            map["path"] = .string(found.path)
            map["capacity"] = found.capacity.map { .integer($0.bytes) }
            map["allocation"] = found.allocation.map { .integer($0.bytes) }
        } catch {
            // Of a hypervisor that does not answer it is not known.
            map["there"] = error.kind == .notFound ? false : .null
            map["reason"] = .string(error.message)
        }
        return .map(map)
    }
}

extension Image {
    /// What the tree says of it.
    fileprivate var map: Map {
        var map: Map = ["name": .string(name)]
        switch source {
        case .file(let path):
            map["file"] = .string(path)
        case .volume(let volume, let pool):
            map["pool"] = .string(pool.name)
            map["volume"] = .string(volume)
        }
        map["format"] = format.map { .string($0.rawValue) }
        map["size"] = size.map { .integer($0.bytes) }
        return map
    }
}
