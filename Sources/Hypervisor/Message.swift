import Tree

/// What drivers say in the same words.
enum Message {
    static let noMachine = "there is no such VM"

    static let foreign =
        "there is a VM of this UUID that was not made here, or was released, and is not written over; adopt takes it over"

    static let off = "the VM is off; start it first"

    static func tooSmall(_ size: Size, image: String, _ content: Size) -> String {
        "\(size) is smaller than its image \(image), which has \(content)"
    }

    static func lostDisks(_ names: [String]) -> String {
        "the VM has a disk that its definition no longer has: \(names.joined(separator: ", ")); destroy the VM and create "
            + "it again"
    }
}
