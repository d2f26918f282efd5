import Cascade
import Testing
import Tree

@Suite("An explanation")
struct ExplanationTests {
    @Test("names the level that won, and what it overrode, the nearest first")
    func overrode() throws {
        let computed = try machine("vars: {x: 1}", "vars: {x: 2}", "vars: {x: 3}")
        #expect(
            try computed.explained("vars.x") == ["vars.x = 3 from /a/web over vars.x 2 /a/common, vars.x 1 /common"])
    }

    @Test("names path and prototype where a prototype won")
    func prototype() throws {
        let computed = try machine("prototypes: {p: {vars: {x: 2}}}", "vars: {x: 1}", "prototype: p")
        #expect(
            try computed.explained("vars.x") == ["vars.x = 2 from /common (prototype p) over vars.x 1 /a/common"])
    }

    @Test("has the strategy and each level's part of a joined list, and what was replaced before")
    func joined() throws {
        let computed = try machine("vars: {l: [0]}", "{merge: {vars.l: append}, vars: {l: [1]}}", "vars: {l: [2]}")
        #expect(
            try computed.explained("vars.l") == [
                "vars.l = [0, 1, 2] from /a/web append [0] /common, [1] /a/common"
            ])
        let replaced = try machine(
            "vars: {l: [0]}", "{vars: {l: [1]}}", "{merge: {vars.l: append}, vars: {l: [2]}}", "vars: {l: [3]}")
        #expect(
            try replaced.explained("vars.l") == [
                "vars.l = [1, 2, 3] from /a/b/web append [1] /a/common, [2] /a/b/common over vars.l [0] /common"
            ])
    }

    @Test("tells of each class where it came from, be it a list or a map that names it")
    func classes() throws {
        let computed = try machine(
            "puppet: {classes: [base, \"profile::${{ vars.role }}\"]}", "vars: {role: web}",
            "puppet: {classes: {ntp: {a: 1}}}")
        #expect(
            try computed.explained("puppet") == [
                "puppet.classes.base = {} from /common",
                "puppet.classes.\"profile::${{ vars.role }}\" = {} from /common by vars.role \"web\" /a/common",
                "puppet.classes.ntp.a = 1 from /a/web",
            ])
    }

    @Test("tells what was replaced as a whole around a value")
    func replacedAround() throws {
        let computed = try machine(
            "vars: {m: {a: 1, b: 2}}", "{merge: {vars.m: replace}, vars: {m: {a: 3}}}", "{}")
        #expect(try computed.explained("vars.m.a") == ["vars.m.a = 3 from /a/common over vars.m.a 1 /common"])
        #expect(
            try computed.explained("vars.m.b") == [
                "vars.m.b, which /common sets, is gone: /a/common replaced vars.m as a whole over vars.m.b 2 /common"
            ])
        let overText = try machine("vars: {m: off}", "vars: {m: {a: {b: 1}}}", "{}")
        #expect(try overText.explained("vars.m.a.b") == ["vars.m.a.b = 1 from /a/common over vars.m \"off\" /common"])
    }

    @Test("says where a key was unset, with what stood there")
    func unset() throws {
        let computed = try machine("vars: {proxy: p, m: {a: 1}}", "unset: [vars.proxy, vars.m]", "{}")
        #expect(try computed.explained("vars.proxy") == ["vars.proxy was unset at /a/common, was \"p\" /common"])
        #expect(
            try computed.explained("vars.m.a") == [
                "vars.m.a was unset at /a/common with vars.m, was {\"a\": 1} /common"
            ])
        #expect(
            try computed.explained("") == [
                "vars = {} from /common", "vars.proxy was unset at /a/common, was \"p\" /common",
                "vars.m was unset at /a/common, was {\"a\": 1} /common",
            ])
        let listed = try machine("puppet: {classes: [a, b]}", "unset: [puppet.classes.a]", "{}")
        #expect(
            try listed.explained("puppet.classes.a") == [
                "puppet.classes.a was unset at /a/common, was {} /common"
            ])
        #expect(try listed.explained("").contains("puppet.classes.a was unset at /a/common, was {} /common"))
        let named = try machine("puppet: {classes: [a]}", "unset: [puppet.classes.a]", "puppet: {classes: [a]}")
        #expect(try !named.explained("").contains { $0.contains("was unset") && $0.hasPrefix("puppet.classes.a") })
        let again = try machine("vars: {x: 1}", "unset: [vars.x]", "vars: {x: 2}")
        #expect(try again.explained("vars.x") == ["vars.x = 2 from /a/web, was 1 /common"])
    }

    @Test(
        "says why there is nothing at a key",
        arguments: [
            ("vars.prxy", "vars.prxy is set at no level; did you mean vars.proxy?"),
            ("vars.nothing.alike", "vars.nothing.alike is set at no level"),
            ("vars.proxy.host", "vars.proxy.host is set at no level; vars.proxy is a string, not a map"),
            (
                "vars.l.7", "vars.l.7 is set at no level; vars.l has no element 7, but 2, counted from 0"
            ),
            ("hardwear", "hardwear is set at no level; did you mean hardware?"),
            ("merge", "merge tells the cascade what to do; it is no part of what a machine gets"),
            ("prototypes.p", "prototypes tells the cascade what to do; it is no part of what a machine gets"),
        ])
    func absence(_ key: String, _ reason: String) throws {
        let computed = try machine("{hardware: {cpus: 1}, vars: {proxy: p, l: [1, 2]}, merge: {vars.l: append}}", "{}")
        #expect(try computed.explained(key) == [reason])
    }

    @Test("explains a list for a key within it")
    func element() throws {
        #expect(try machine("vars: {l: [1, 2]}", "{}").explained("vars.l.1") == ["vars.l = [1, 2] from /common"])
    }

    @Test("follows references to their end, and says each key's own references once")
    func references() throws {
        let computed = try machine(
            "vars: {url: 'http://${{ vars.host }}/', host: '${{ vars.name }}.x', name: '${{ self.name }}'}",
            "vars: {name: n}", "vars: {both: '${{ vars.host }}${{ vars.host }}'}")
        #expect(
            try computed.explained("vars.url") == [
                "vars.url = \"http://n.x/\" from /common"
                    + " by vars.host \"n.x\" /common (by vars.name \"n\" /a/common)"
            ])
        #expect(
            try computed.explained("vars.both") == [
                "vars.both = \"n.xn.x\" from /a/web by vars.host \"n.x\" /common (by vars.name \"n\" /a/common)"
                    + " by vars.host \"n.x\" /common"
            ])
        let own = try machine("vars: {motd: '${{ self.certname }} ${{ self.folder }}'}", "{}", "{}")
        #expect(
            try own.explained("vars.motd") == [
                "vars.motd = \"web.a /a\" from /common by self.certname \"web.a\" by self.folder \"/a\""
            ])
    }

    @Test("of a broken machine has what can be known, and ends where references go in a circle")
    func broken() throws {
        let computed = try machine("vars: {x: '${{ vars.y }}', y: '${{ vars.x }}', z: '${{ vars.no }}', w: 1}", "{}")
        #expect(
            try computed.explained("vars") == [
                "vars.x = nothing from /common by vars.y nothing /common (by vars.x nothing /common)",
                "vars.y = nothing from /common by vars.x nothing /common",
                "vars.z = nothing from /common by vars.no nothing", "vars.w = 1 from /common",
            ])
        let chain = (0..<5_000).map { "k\($0): '${{ vars.k\($0 + 1) }}'" }.joined(separator: ", ")
        #expect(try machine("vars: {\(chain)}", "{}").explained("vars.k0").count == 1)
    }

    @Test("of a folder has what it hands down, references as written")
    func folder() throws {
        let inheritance = Inheritance(root: common(.root, try map("vars: {x: '${{ self.name }}', y: 1}")))
            .entering(common(try Path("/a"), try map("{unset: [vars.y]}")))
        #expect(
            inheritance.explanations(of: ["vars", "x"]).map(\.text) == ["vars.x = \"${{ self.name }}\" from /common"])
        #expect(
            inheritance.explanations(of: ["vars", "y"]).map(\.text) == [
                "vars.y was unset at /a/common, was 1 /common"
            ])
    }
}

extension Computed {
    fileprivate func explained(_ key: String) throws -> [String] {
        explanations(of: key.isEmpty ? [] : try DottedPath(key)).map(\.text)
    }
}

extension Explanation {
    /// All of it in one line.
    fileprivate var text: String {
        var text = absence ?? "\(key) = \(value.text) from \(origin?.layer.source.description ?? "")"
        if let origin, let strategy = origin.strategy {
            let parts = origin.joined.map { "\(Optional($0.value).text) \($0.layer.source)" }
            text += " \(strategy.rawValue) " + parts.joined(separator: ", ")
        }
        let others = overrode.map { "\($0.key) \(Optional($0.value).text) \($0.layer.source)" }
        if !others.isEmpty { text += " over " + others.joined(separator: ", ") }
        for removal in removals {
            text += ", was \(Optional(removal.removed.value).text) \(removal.removed.layer.source)"
        }
        return text + leads.map(\.text).joined()
    }
}

extension Explanation.Lead {
    fileprivate var text: String {
        let inner = leads.map(\.text).joined().dropFirst()
        return " by \(key) \(value.text)" + (layer.map { " \($0.source)" } ?? "") + (inner.isEmpty ? "" : " (\(inner))")
    }
}

extension Value? {
    fileprivate var text: String {
        switch self {
        case nil: "nothing"
        case .string(let text): "\"\(text)\""
        case .integer(let number): "\(number)"
        case .list(let elements): "[" + elements.map { Optional($0).text }.joined(separator: ", ") + "]"
        case .map(let map): "{" + map.map { "\"\($0.key)\": \(Optional($0.value).text)" }.joined(separator: ", ") + "}"
        case let other?: other.summary
        }
    }
}
