import OrderedCollections
import Tree

/// What a change would do, as the server tells of it.
struct Plan {
    let map: Map

    /// How many machines of a group are named to people.
    static let names = 4

    var id: String { map["id"]?.string ?? "" }
    var isEmpty: Bool { count("entries") == 0 }
    /// Whether the change would be made without force.
    var isValid: Bool { map["valid"] == true }

    /// How many there are in all, whether they are told or not.
    func count(_ name: String) -> Int { map["counts"]?.map?[name]?.integer ?? 0 }

    /// What happens to machines, those together to which the same happens.
    func groups(_ name: String) -> [Map] { map[name]?.maps ?? [] }

    /// Whether more is at stake than the data of one machine. What is new takes nothing from anybody.
    var hasConsequences: Bool {
        let affected = groups("affected")
        let created = affected.filter { $0["change"] == "created" }.reduce(0) { $0 + ($1["machines"]?.integer ?? 0) }
        return count("affected") - created > 1 || ["renamed", "pending", "broken"].contains { count($0) > 0 }
            || affected.contains { $0["change"] == "destroyed" }
    }

    /// That the change would be refused.
    var refusal: Failure {
        let machines = count("broken") == 1 ? "1 machine" : "\(count("broken")) machines"
        return Failure("the change would break \(machines)", hint: "--force makes it all the same")
    }
}
