import ArgumentParser
import Tree

/// A command that does something to machines.
protocol VerbCommand: AsyncParsableCommand {
    var work: WorkOptions { get }
}

extension VerbCommand {
    static func described(_ verb: String, _ abstract: String, discussion: String = "", example: String? = nil)
        -> CommandConfiguration
    {
        let text = """
            Of a folder: of all machines below. Waits until it is done and says what failed.

            EXAMPLES
              headwater \(verb) /courses/so/alice/web
              headwater \(verb) /courses/so --selector \(example ?? "vars.role=web")
            """
        return CommandConfiguration(
            commandName: verb, abstract: abstract, discussion: discussion.isEmpty ? text : discussion + " " + text)
    }

    func run() async throws {
        try await work.run(Self.configuration.commandName ?? "")
    }
}

struct CreateCommand: VerbCommand {
    static let configuration = described(
        "create", "Make the VMs and their disks on their hypervisors.", example: "state=provisioned")
    @Flag(help: "Take up disks of theirs that are there already, as they are.")
    var keepDisks = false
    @OptionGroup var work: WorkOptions

    func run() async throws {
        try await work.run("create", keepDisks: keepDisks)
    }
}

struct StartCommand: VerbCommand {
    static let configuration = described(
        "start", "Start VMs.", discussion: "What their definitions say by now that they run with is applied first.")
    @Flag(help: "Start them as they are, whatever their definitions say by now.")
    var keep = false
    @OptionGroup var work: WorkOptions

    func run() async throws {
        try await work.run("start", keep: keep)
    }
}

struct StopCommand: VerbCommand {
    static let configuration = described(
        "stop", "Ask guests to shut down; forced when their time is over.", example: "state=running")
    @Option(help: ArgumentHelp("How long guests are given; default: as the server is set.", valueName: "seconds"))
    var grace: Int?
    @OptionGroup var work: WorkOptions

    func run() async throws {
        try await work.run("stop", grace: grace)
    }
}

struct DestroyCommand: VerbCommand {
    static let configuration = described(
        "destroy", "Remove VMs and their disks, running or not.",
        discussion: "The descriptors stay, provisioned. On a terminal, a folder's are counted and asked for first.")
    @Flag(help: "Leave all their disks.")
    var keepDisks = false
    @Flag(help: .forget)
    var forget = false
    @OptionGroup var destruction: DestructionOptions
    @OptionGroup var work: WorkOptions

    func run() async throws {
        try await destruction.confirm("destroy", work, keepDisks ? "their disks stay" : "their disks go with them")
        try await work.run("destroy", keepDisks: keepDisks, forget: forget)
    }
}

struct PowerOffCommand: VerbCommand {
    static let configuration = described("poweroff", "Cut the power of VMs.")
    @OptionGroup var work: WorkOptions
}

struct RebootCommand: VerbCommand {
    static let configuration = described("reboot", "Ask guests to restart.")
    @OptionGroup var work: WorkOptions
}

struct ResetCommand: VerbCommand {
    static let configuration = described("reset", "Restart VMs as the reset button does.")
    @OptionGroup var work: WorkOptions
}

struct PauseCommand: VerbCommand {
    static let configuration = described("pause", "Hold VMs still.")
    @OptionGroup var work: WorkOptions
}

struct ResumeCommand: VerbCommand {
    static let configuration = described("resume", "Let paused VMs go on.", example: "state=paused")
    @OptionGroup var work: WorkOptions
}

struct RebuildCommand: VerbCommand {
    static let configuration = described(
        "rebuild", "Destroy VMs and create them again from their definitions.",
        discussion: "On a terminal, a folder's are counted and asked for first.")
    @OptionGroup var destruction: DestructionOptions
    @OptionGroup var work: WorkOptions

    func run() async throws {
        try await destruction.confirm("rebuild", work, "what is on their disks is lost")
        try await work.run("rebuild")
    }
}

struct ReconcileCommand: VerbCommand {
    static let configuration = described(
        "reconcile", "Ask the hypervisors, return to the true states, and put right what was changed there.",
        example: "state=failed")
    @OptionGroup var work: WorkOptions
}

struct ReleaseCommand: VerbCommand {
    static let configuration = described(
        "release", "Forget VMs and leave them on their hypervisors.", discussion: "The descriptors stay, provisioned.")
    @Flag(help: .forget)
    var forget = false
    @OptionGroup var work: WorkOptions

    func run() async throws {
        try await work.run("release", forget: forget)
    }
}

extension ArgumentHelp {
    static let forget: ArgumentHelp =
        "Where the hypervisor does not do it, forget the VM, and say what is left behind there."
}
