/// What drivers say in the same words.
enum Message {
    static let noMachine = "there is no such VM"

    static func lostDisks(_ names: [String]) -> String {
        "the VM has a disk that its definition no longer has: \(names.joined(separator: ", ")); destroy the VM and create "
            + "it again"
    }
}
