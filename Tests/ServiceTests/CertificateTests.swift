import Access
import TLS
import Testing

@testable import Service

@Suite("Who the bearer of a certificate is")
struct CertificateTests {
    private let role = "1.3.6.1.4.1.34380.1.3.13"
    private let everything = Principal(name: "a.example", .superuser, bounds: Bounds(rights: [.view]))
    private let itself = Principal(name: "a.example", .machine)

    private func principal(_ change: (inout CertificateRules) -> Void, _ extensions: [String: String] = [:])
        -> Principal
    {
        var rules = CertificateRules()
        change(&rules)
        return rules.principal(Certificate(name: "a.example", extensions: extensions))
    }

    @Test("a machine, unless it is told to be a compiler")
    func machine() {
        #expect(principal { _ in } == itself)
        #expect(principal({ _ in }, [role: "anything"]) == itself)
        #expect(principal { $0.compilers = ["b.example", "A.example", "a.example."] } == itself)
        #expect(principal({ $0.roles = ["compiler"] }, [role: "other"]) == itself)
        #expect(principal({ $0.roles = ["compiler"] }, [role: "Compiler"]) == itself)
        #expect(principal({ $0.roles = ["compiler"] }, [role: ""]) == itself)
        #expect(principal({ $0.roles = ["compiler"] }, ["1.3.6.1.4.1.34380.1.1.13": "compiler"]) == itself)
    }

    @Test("a compiler by its name or by pp_auth_role sees everything and changes nothing")
    func compiler() {
        #expect(principal { $0.compilers = ["a.example"] } == everything)
        #expect(principal({ $0.roles = ["compiler"] }, [role: "compiler"]) == everything)
    }
}
