/// What was done on the way to something that did not succeed, and how it is undone.
struct Reverter {
    private var steps: [(what: String, undo: () throws(LibvirtError) -> Void)] = []

    /// Remembers what has just been done.
    mutating func did(_ what: String, undo: @escaping () throws(LibvirtError) -> Void) {
        steps.append((what, undo))
    }

    /// Undoes all of it, the last first, and says in the error what could not be undone. What a creation that was given up has
    /// begun is left to the next one, which may be at it already.
    func revert(after error: LibvirtError) -> LibvirtError {
        guard CurrentCall.isWanted() else { return error }
        var left: [String] = []
        for step in steps.reversed() {
            do throws(LibvirtError) {
                try step.undo()
            } catch {
                left.append("\(step.what) (\(error.message))")
            }
        }
        guard !left.isEmpty else { return error }
        return LibvirtError(error.kind, "\(error.message); left behind: \(left.joined(separator: ", "))")
    }
}
