import OrderedCollections
import Testing
import Tree

@Suite("The schema, of references")
struct SchemaReferenceTests {
    @Test(
        "lets one stand for any value in a layer, and checks the value when it is known",
        arguments: [
            Refusal(
                ["hardware": ["cpus": "${{ vars.n }}"]],
                "hardware.cpus: expected an integer from 1 to 1024, found the string \"${{ vars.n }}\""
            ),
            Refusal(["hardware": "${{ vars.hw }}"], "hardware: expected a map, found the string \"${{ vars.hw }}\""),
            Refusal(
                ["boot": ["${{ vars.b }}"]],
                "boot.0: expected disk, cdrom or network, found the string \"${{ vars.b }}\""
            ),
            Refusal(
                ["firmware": "b${{ vars.f }}"], "firmware: expected bios or uefi, found the string \"b${{ vars.f }}\""),
            Refusal(
                ["puppet": ["classes": "${{ vars.c }}"]],
                "puppet.classes: expected a list of which each element is a class name such as ntp or profile::web, or a map, found the string \"${{ vars.c }}\""
            ),
        ])
    func standIns(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [])
        #expect(told(complete: refusal.definition) == [refusal.message])
    }

    @Test(
        "refuses one where it would not be resolved",
        arguments: [
            Refusal(["access": "${{ vars.a }}"], "access: \(literal); expected a map"),
            Refusal(
                ["access": ["managers": "${{ vars.a }}"]],
                "access.managers: \(literal); expected a list of which each element is a user such as ana or a group such as @teachers"
            ),
            Refusal(
                ["access": ["readers": ["@${{ vars.a }}"]]],
                "access.readers.0: \(literal); expected a user such as ana or a group such as @teachers"),
            Refusal(["access": ["may": ["user": ["$${{ a }}"]]]], "access.may.user.0: \(literal); expected \(verbs)"),
            Refusal(
                ["merge": ["vars.a": "${{ vars.s }}"]],
                "merge.\"vars.a\": \(literal); expected deep, replace, append, prepend or unique"
            ),
            Refusal(
                ["unset": ["${{ vars.a }}"]],
                "unset.0: \(literal); expected a dotted path such as vars.proxy"),
            Refusal(
                ["prototype": "${{ vars.role }}"],
                "prototype: \(literal); expected a name such as lab-1, or a list of which each element is a name such as lab-1"
            ),
            Refusal(["prototype": ["${{ vars.role }}"]], "prototype.0: \(literal); expected a name such as lab-1"),
            Refusal(["prototypes": "${{ vars.p }}"], "prototypes: \(literal); expected a map"),
            Refusal(["prototypes": ["web": "${{ vars.p }}"]], "prototypes.web: \(literal); expected a map"),
        ])
    func literals(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [refusal.message])
    }

    @Test("lets them stand within a prototype")
    func withinPrototype() {
        #expect(told(["prototypes": ["web": ["hardware": ["cpus": "${{ vars.n }}"]]]]) == [])
    }

    @Test("refuses a forbidden key with a reference too")
    func forbidden() {
        #expect(
            told(["vars": ["headwater": "${{ vars.a }}"]]) == [
                "vars.headwater: \"headwater\" is what the service itself adds; expected another name"
            ])
    }

    @Test(
        "checks how they are written wherever they stand",
        arguments: [
            Refusal(
                ["vars": ["a": ["b": ["${{ x"]]]],
                "vars.a.b.0: a reference is not closed; expected ${{ key }}, or $${{ where a literal ${{ is meant"
            ),
            Refusal(
                ["hardware": ["cpus": "${{ }}"]],
                "hardware.cpus: in a reference, \"\" is not a dotted path: a key is empty; expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
            ),
        ])
    func syntax(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [refusal.message])
    }

    @Test("leaves other tools' syntaxes alone")
    func foreign() {
        #expect(told(["vars": ["a": "${HOME} %{facts} {{ x }} $${{ y }}"]]) == [])
    }
}

private let literal = "a reference cannot stand here, where it would not be resolved"
private let verbs =
    "view, view-secrets, create-folder, edit, delete, start, stop, create, destroy, console, snapshot, grant or trust"
