/// The shape of the database, as the steps that lead to it.
///
/// A database counts the steps that it has taken in its `user_version`. Steps are only ever added: one that was
/// released is never edited, since databases exist that have taken it.
package struct Schema: Sendable {
    /// Plain SQL; step N leads from version N - 1 to version N.
    package let steps: [String]

    package init(steps: [String]) {
        self.steps = steps
    }

    /// The version that the last step leads to.
    package var version: Int { steps.count }

    /// What this program reads and writes.
    package static let current = Schema(steps: [step1, step2, step3, step4, step5, step6, step7])

    /// Marks a SQLite file as one of Headwater (`application_id`): "HDWR".
    static let applicationID = 0x4844_5752
}
