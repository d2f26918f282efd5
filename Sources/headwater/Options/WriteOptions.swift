import ArgumentParser

/// What goes with every change.
struct WriteOptions: ParsableArguments {
    @Flag(help: "Accept a change that breaks the definitions of machines.")
    var force = false

    @Option(name: [.short, .long], help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var message: String?

    var query: KeyValuePairs<String, String?> {
        ["force": force ? "true" : nil, "message": message]
    }
}
