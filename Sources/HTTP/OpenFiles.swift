import Glibc

/// The process's limit of open files (getrlimit(2)), which connections count against.
enum OpenFiles {
    /// Raises the limit so that `count` files can be open, as far as the system lets the process.
    static func reserve(_ count: Int) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = min(rlim_t(clamping: count), limit.rlim_max)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
