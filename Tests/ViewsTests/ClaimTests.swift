import Testing
import Tree
import Views

@Suite("Names of the inventory")
struct ClaimTests {
    private func problems(_ claims: [Claim]) -> [String] {
        Claim.problems(among: claims).map(\.description)
    }

    private func folder(_ path: String) throws -> Claim { Claim(folder: try Path(path)) }

    @Test("two folders with one group name are refused, and both are named")
    func folders() throws {
        #expect(
            problems([try folder("/a--b"), try folder("/a/b")]) == [
                "/a/b: Ansible would know the group of the folder /a/b and the group of the folder /a--b by one name, "
                    + "\"a__b\"; expected a name for each"
            ])
    }

    @Test("a certname equal to a folder's group name is refused, for the host would lose its variables")
    func certname() throws {
        let claims = Claim.claims(of: try machine("/gate", "{certname: courses__so}"))
        #expect(
            problems([try folder("/courses/so")] + claims) == [
                "/gate: certname: Ansible would know the machine /gate and the group of the folder /courses/so by one "
                    + "name, \"courses__so\"; expected a name for each"
            ])
    }

    @Test("a certname equal to a group that a machine lists is refused")
    func listed() throws {
        let claims =
            try Claim.claims(of: machine("/web")) + Claim.claims(of: machine("/x/db", "{ansible: {groups: [web]}}"))
        #expect(
            problems(claims) == [
                "/x/db: ansible.groups: Ansible would know a group that /x/db lists and the machine /web by one name, "
                    + "\"web\"; expected a name for each"
            ])
    }

    @Test("two machines with one certname are refused")
    func certnames() throws {
        let claims = try Claim.claims(of: machine("/a/web")) + Claim.claims(of: machine("/b", "{certname: web.a}"))
        #expect(
            problems(claims) == [
                "/b: certname: Ansible would know the machine /b and the machine /a/web by one name, \"web.a\"; "
                    + "expected a name for each"
            ])
    }

    @Test("a folder whose group is called as that of a state or a hypervisor is refused")
    func states() throws {
        let claims = [Claim(state: "running"), Claim(hypervisor: "kvm-1")]
        #expect(
            problems(claims + [try folder("/state-running"), try folder("/hypervisor-kvm-1")]) == [
                "/state-running: Ansible would know the group of the folder /state-running and the group of the "
                    + "machines that are running by one name, \"state_running\"; expected a name for each",
                "/hypervisor-kvm-1: Ansible would know the group of the folder /hypervisor-kvm-1 and the group of the "
                    + "hypervisor kvm-1 by one name, \"hypervisor_kvm_1\"; expected a name for each",
            ])
    }

    @Test("a machine cannot list itself in the group of a state")
    func lyingState() throws {
        let claims = Claim.claims(of: try machine("/web", "{ansible: {groups: [state_stopped]}}"))
        #expect(problems([Claim(state: "stopped")] + claims).count == 1)
    }

    @Test(
        "folders called as a group of Ansible's own are refused at the top",
        arguments: ["all", "ungrouped", "localhost"])
    func reservedFolders(_ name: String) throws {
        #expect(
            problems([try folder("/" + name)]) == [
                "/\(name): Ansible would know the group of the folder /\(name) and something of its own by one name, "
                    + "\"\(name)\"; expected a name for each"
            ])
        #expect(problems([try folder("/courses/" + name)]) == [])
    }

    @Test(
        "certnames that are Ansible's own words, or by which plays reach the controller, are refused",
        arguments: ["all", "ungrouped", "localhost", "127.0.0.1", "_meta"])
    func reservedCertnames(_ name: String) throws {
        let claims = Claim.claims(of: try machine("/web", "{certname: '\(name)'}"))
        #expect(problems(claims).count == 1)
    }

    @Test("a machine may list itself in a folder's group, and many may list one group, in any order")
    func joining() throws {
        let claims = try ["/a", "/b/c"].flatMap { try Claim.claims(of: machine($0, "{ansible: {groups: [courses]}}")) }
        #expect(problems(claims + [try folder("/courses")]) == [])
        #expect(problems([try folder("/courses")] + claims) == [])
    }

    @Test("a folder that comes after a listed group is what later names are compared with")
    func stricter() throws {
        let claims = Claim.claims(of: try machine("/x", "{ansible: {groups: [a__b]}}"))
        #expect(problems(claims + [try folder("/a/b"), try folder("/a--b")]).count == 1)
    }

    @Test("the same claim made twice is no problem")
    func repeated() throws {
        #expect(problems([try folder("/a"), try folder("/a"), Claim(state: "running"), Claim(state: "running")]) == [])
    }
}
