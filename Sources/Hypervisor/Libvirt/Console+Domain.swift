import XML

extension Console {
    /// The consoles of a running domain (libvirt.org/formatdomain.html: graphical framebuffers; consoles).
    static func consoles(of domain: Element) -> [Console] {
        let screens = domain.all("devices", "graphics").compactMap { graphics in
            graphics[attribute: "type"].flatMap(Kind.init)
                .flatMap { kind in place(of: graphics).map { Console(kind, at: $0) } }
        }
        // The first serial line is listed as a console as well.
        let serial = domain.all("devices", "serial")
        let lines = serial.isEmpty ? domain.all("devices", "console") : serial
        return screens + lines.compactMap { line in self.line(line).map { Console(.serial, at: $0) } }
    }

    /// Nil while it listens to nobody.
    private static func place(of graphics: Element) -> Place? {
        let listen = graphics.first("listen")
        if let socket = graphics[attribute: "socket"] ?? listen?[attribute: "socket"] { return .socket(socket) }
        guard let port = graphics[attribute: "port"].flatMap({ Int($0) }), port > 0 else { return nil }
        return .address(listen?[attribute: "address"] ?? graphics[attribute: "listen"] ?? "127.0.0.1", port: port)
    }

    private static func line(_ device: Element) -> Place? {
        let source = device.first("source")
        if let host = source?[attribute: "host"], let port = source?[attribute: "service"].flatMap({ Int($0) }) {
            return .address(host, port: port)
        }
        guard let path = source?[attribute: "path"] ?? device[attribute: "tty"] else { return nil }
        return device[attribute: "type"] == "unix" ? .socket(path) : .terminal(path)
    }
}
