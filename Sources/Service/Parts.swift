import Hypervisor
import Store

/// The parts of a running service that routes work with.
struct Parts: Sendable {
    let options: Service.Options
    let store: any StateStore
    let current: CurrentSnapshot
    let writer: Writer
    let operations: Operations
    let documents: DocumentCache
    /// Where long answers are put together.
    let readers: RequestThreads
    /// Where all else is handled that is not answered at once, so that a change does not wait for its author's long answers.
    let handlers: RequestThreads
    let history: History
    let accounts: Accounts
    let registrar: Registrar
    let auditor: Auditor
    let observer: Observer
    let metrics: Metrics
    let hypervisors: Connections
    let feed: Feed
    let revisions: Revisions
}
