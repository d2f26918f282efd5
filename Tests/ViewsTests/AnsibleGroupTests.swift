import Testing
import Tree
import Views

@Suite("Ansible's groups")
struct AnsibleGroupTests {
    @Test(
        "are called after their folders",
        arguments: [
            ("/courses/so-2", "courses__so_2"), ("/a", "a"), ("/2a/3b", "_2a__3b"), ("/a/9", "a__9"), ("/", "all"),
        ])
    func folder(_ path: String, _ name: String) throws {
        #expect(Ansible.groupName(of: try Path(path)) == name)
    }

    @Test("list a machine by its folder, its state, its hypervisor and what it lists, each once")
    func groups() throws {
        let subject = try machine(
            "/courses/so-2/web", "{hypervisor: lab.kvm-1, ansible: {groups: [web, courses__so_2, web]}}")
        #expect(Ansible.groups(of: subject) == ["courses__so_2", "state_running", "hypervisor_lab_kvm_1", "web"])
    }

    @Test("list a machine directly in the root by its state at least")
    func root() throws {
        #expect(Ansible.groups(of: try machine("/web", state: "provisioned")) == ["state_provisioned"])
    }
}
