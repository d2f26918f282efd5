import Testing
import Tree

@Suite("The nearest spelling")
struct SpellingTests {
    private let words = ["hardware", "hypervisor", "hypervisors", "image", "images", "nics", "vars"]

    @Test(
        "is the word with the fewest letters changed, added, lost or swapped",
        arguments: [
            ("hardwre", "hardware"), ("hradware", "hardware"), ("hypervisorz", "hypervisor"), ("imags", "image"),
            ("nic", "nics"),
            ("var", "vars"), ("vrs", "vars"), ("Vars", "vars"),
        ])
    func finds(_ word: String, _ nearest: String) {
        #expect(Spelling.nearest(to: word, among: words) == nearest)
    }

    @Test("is none where too much differs", arguments: ["memory", "x", "", "hw", "virtualization", "🙂"])
    func findsNone(_ word: String) {
        #expect(Spelling.nearest(to: word, among: words) == nil)
    }

    @Test("is the first of those that are as near")
    func first() {
        #expect(Spelling.nearest(to: "key0", among: ["other", "key1", "key2", "key01"]) == "key1")
    }

    @Test("is none among none")
    func empty() {
        #expect(Spelling.nearest(to: "vars", among: []) == nil)
    }
}
