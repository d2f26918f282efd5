import ArgumentParser
import OrderedCollections
import Tree

struct EditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a definition in your editor.",
        discussion: """
            Opens the definition as YAML in the editor that VISUAL or EDITOR names. When it is saved, what would change is \
            shown and asked for, as apply does; --yes does not ask. A text that is no definition is opened again with the \
            reason on top; leave it as it is to give up. If somebody else changed the definition meanwhile, nothing is \
            written. A text that was not written stays in its file.

            EXAMPLES
              headwater edit /courses/so
              EDITOR=nano headwater edit /courses/so/alice/web -m "more memory"
            """)

    @Argument(help: "A machine or a folder.", transform: { try Target($0) })
    var path: Target

    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        guard Terminal.canAsk || write.isSure || write.isDryRun else { throw Failure.unasked }
        let editor = try Editor()
        let client = try server.client()
        var document = try await EditedDocument(path, client)
        var file = try EditedFile(for: document)
        for _ in 0..<Self.most {
            try file.open(in: editor)
            let definition: Map
            do throws(Failure) {
                guard let edited = try file.definition() else {
                    file.remove()
                    output.show(.null) { "\(path): nothing changed" }
                    return
                }
                definition = edited
            } catch {
                try file.refuse(error)
                continue
            }
            // While the editor runs, Ctrl-C is the editor's.
            let interruption = Interruption(file.kept(Failure("interrupted")).text)
            defer { interruption.end() }
            do {
                let answer = try await replace(&document, by: definition, client)
                file.remove()
                output.show(answer.value) { "\(path): changed (revision \(answer.revision ?? 0))" }
                return
            } catch let failure as Failure where failure.isOfText {
                try file.refuse(failure)
            } catch let failure as Failure {
                throw file.kept(failure)
            } catch {
                // A dry run ends so.
                file.remove()
                throw error
            }
        }
        throw file.kept(Failure("\(path): nothing was changed"))
    }

    /// How often a text is opened again.
    private static let most = 100

    /// Writes the definition if that in the tree is still the one that was opened. The entry's tag also changes with its
    /// state, which is nobody's edit.
    private func replace(
        _ document: inout EditedDocument, by definition: Map, _ client: Client
    ) async throws -> Answer {
        var last: Failure?
        for _ in 0..<5 {
            let change = Change.replacement(
                of: document.target, document.kind, by: definition, tag: document.tag)
            do {
                return try await write.make(change, client, output, asks: true)
            } catch let failure as Failure where failure.answered == 412 {
                last = failure
            }
            let now = try await EditedDocument(path, client)
            guard now.text == document.text else { throw now.changed(since: document) }
            document = now
        }
        throw last ?? Failure("\(path): nothing was changed")
    }
}

extension Failure {
    /// Whether another text would help: the definition or the plan of it was refused.
    fileprivate var isOfText: Bool { answered == 400 || answered == 422 || (answered == 409 && !details.isEmpty) }
}
