extension Configuration {
    /// Refuses to listen in plain text where others could read along: anywhere but on the loopback of this machine.
    public func checkPrivacy() throws(ServerError) {
        guard tls == nil, !isPlainTextAllowed else { return }
        guard try ListeningSocket.isLoopback(host) else { throw .plainText(host: host) }
    }
}
