import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Selectors")
struct SelectorTests {
    private static let machine: Value = [
        "path": "/courses/so/ana/web", "state": "running",
        "vars": [
            "role": "web", "port": 80, "ratio": 1.5, "on": true, "none": .null, "tags": ["a", "b"], "m": ["x": 1],
            "a.b": "dot", "odd": "x,(y) z",
        ],
    ]

    @Test(
        "mean a machine or not",
        arguments: [
            ("state=running", true), ("state==running", true), ("state!=running", false), ("state=stopped", false),
            (" state = running , vars.role=web ", true), ("state=running,vars.role=db", false), ("vars.port=80", true),
            ("vars.ratio=1.5", true), ("vars.on=true", true), ("vars.none=null", true), ("vars.none", true),
            ("vars.tags=b", true), ("vars.tags=c", false), ("vars.tags!=b", false), ("vars.m=x", false),
            ("vars.m.x=1", true), ("vars.\"a.b\"=dot", true), ("vars.role", true), ("!vars.role", false),
            ("!vars.proxy", true),
            ("vars.proxy", false), ("vars.proxy!=x", true), ("vars.proxy=x", false), ("vars.role in (db, web)", true),
            ("vars.role in (db)", false), ("vars.role notin (db)", true), ("vars.role notin (web,db)", false),
            ("vars.proxy notin (a)", true), ("vars.role in(web)", true), ("vars.odd=\"x,(y) z\"", true),
            ("vars.odd in (\"x,(y) z\", a)", true), ("path~/courses/*/ana/web", true), ("path~/courses/*/web", false),
            ("path~/courses/**", true), ("path~/courses/**/web", true), ("path~**", true),
            ("path~/**/**/**/**/db", false),
            ("vars.port~80", false), ("vars.role in ()", false),
        ])
    func table(_ text: String, _ isMeant: Bool) throws {
        let selector = try Selector(text)
        #expect(selector.matches { key in key.keys.reduce(Self.machine) { $0?.map?[$1] } } == isMeant)
    }

    @Test(
        "that cannot be read are refused with what would be right",
        arguments: [
            (
                "",
                "selector \"\": \"\" is not a dotted path: a key is empty; expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
            ),
            (
                "a=1,",
                "selector \"\": \"\" is not a dotted path: a key is empty; expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
            ),
            ("a in (b", "selector \"a in (b\": a parenthesis or a quote is not closed"),
            ("a) in b", "selector \"a) in b\": a parenthesis or a quote is not closed"),
            ("a=\"b", "selector \"a=\"b\": a parenthesis or a quote is not closed"),
            ("a b", "selector \"a b\": expected =, !=, ~, in (…) or notin (…) after the key"),
            ("a on (b)", "selector \"a on (b)\": expected =, !=, ~, in (…) or notin (…) after the key"),
            ("a!b", "selector \"a!b\": expected =, !=, ~, in (…) or notin (…) after the key"),
            ("!a=b", "selector \"!a=b\": expected ! before a key alone"),
        ])
    func errors(_ text: String, _ message: String) {
        let error = #expect(throws: ServiceError.self) { try Selector(text) }
        #expect(error?.document.detail == message)
        #expect(error?.document.status == 400)
    }
}
