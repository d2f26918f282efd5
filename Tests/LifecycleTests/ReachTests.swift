import Lifecycle
import Testing

@Suite("The hypervisors that the daemon may open")
struct ReachTests {
    @Test(
        "are by default libvirt's daemons here and elsewhere, ESX and the test driver",
        arguments: [
            "test:///default", "qemu:///system", "qemu://kvm1/system", "qemu+unix:///system?mode=direct",
            "qemu+tls://kvm1.example.org:16514/system?no_verify=1", "qemu+ssh://ana@kvm1:2222/system?no_tty=1",
            "qemu+ssh://[2001:db8::7]/system", "QEMU+SSH://x".lowercased() + "/system",
            "esx://root@esx1.example.org/?no_verify=1;auto_answer=1", "esx://esx1",
        ])
    func usual(uri: String) {
        #expect(Reach().objection(to: uri) == nil)
    }

    @Test(
        "are by default none that runs a program, or opens a socket or a file, of the daemon's host",
        arguments: [
            "qemu+ext:///system?command=/tmp/x", "qemu+ssh://kvm1/system?command=/tmp/x",
            "qemu+ssh://kvm1/system?COMMAND=/tmp/x", "qemu+ssh://kvm1/system?comm%61nd=/tmp/x",
            "qemu+ssh://kvm1/system?mode=direct;command=/tmp/x", "qemu+ssh://kvm1/system?mode=direct&netcat=/tmp/x",
            "qemu+ssh://kvm1/system?keyfile=/etc/shadow", "qemu+ssh://kvm1/system?known_hosts=/etc/shadow",
            "qemu+unix:///system?socket=/tmp/x", "qemu+tls://kvm1/system?pkipath=/tmp",
            "qemu+tls://kvm1/system?name=test:///etc/shadow", "esx://esx1/?authfile=/etc/shadow",
            "esx://esx1/?vcenter=other", "qemu+libssh2://kvm1/system", "qemu+libssh://kvm1/system",
            "qemu:///session", "qemu+unix:///session", "qemu:///embed?root=/tmp", "test:///etc/shadow",
            "test:///../default",
            "qemu+ssh://-oProxyCommand=x/system", "qemu+ssh://-oProxyCommand@kvm1/system",
            "qemu+ssh://a%20b/system", "qemu+ssh://kvm1/system#x", "qemu:///system\n", " qemu:///system",
            "qemu:system", "qemu", "", "://x/system", "remote:///", "qemu+ssh://kvm1:22x/system", "lxc:///",
            "vbox:///session",
        ])
    func foreign(uri: String) {
        #expect(Reach().objection(to: uri) != nil)
    }

    @Test("are said where one is refused, with what would let it in")
    func messages() {
        let reach = Reach(uris: ["qemu+tls://*.lab.example.org/system"], parameters: ["no_verify"])
        #expect(
            reach.objection(to: "qemu+ext:///system?command=x") == """
                "qemu+ext:///system?command=x" is not among the hypervisors that the daemon may open: \
                qemu+tls://*.lab.example.org/system; who runs the daemon can add it to hypervisors.uris of its settings
                """)
        #expect(
            reach.objection(to: "qemu+tls://a.lab.example.org/system?pkipath=/x") == """
                "qemu+tls://a.lab.example.org/system?pkipath=/x": the parameter pkipath is not among those that the daemon \
                may use: no_verify; who runs the daemon can add it to hypervisors.parameters of its settings
                """)
        #expect(
            reach.objection(to: "kvm1")
                == "expected a libvirt connection URI such as qemu:///system, found \"kvm1\"")
    }

    @Test("are those of the settings alone, where these say so")
    func settings() {
        let reach = Reach(uris: ["qemu+tls://*.lab.example.org/system", "vpx://vc1/*/esx?"], parameters: [])
        for uri in ["qemu+tls://a.lab.example.org/system", "qemu+tls://A.LAB.example.org:1/system"] {
            #expect(reach.objection(to: uri) == nil, "\(uri)")
        }
        for uri in [
            "qemu:///system", "test:///default", "qemu+tls://lab.example.org/system",
            "qemu+tls://a.lab.example.org.evil.org/system", "qemu+tls://a.lab.example.org/system?no_verify=1",
            "vpx://vc1/a/esx1",
        ] {
            #expect(reach.objection(to: uri) != nil, "\(uri)")
        }
        #expect(Reach(uris: ["vpx://*/*/esx1"]).objection(to: "vpx://vc1/a/b/esx1") == nil)
    }
}
