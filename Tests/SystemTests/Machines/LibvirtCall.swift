/// The calls of libvirt's remote protocol that change something, by their numbers there (`src/remote/remote_protocol.x`).
enum LibvirtCall: UInt32 {
    case start = 9
    case define = 11
    case cut = 12
    case reboot = 27
    case resume = 28
    case shutdown = 33
    case pause = 34
    case undefine = 35
    case makePool = 76
    case definePool = 77
    case startPool = 78
    case buildPool = 79
    case makeVolume = 93
    case deleteVolume = 94
    case copyVolume = 125
    case startWithFlags = 196
    case undefineWithFlags = 231
    case cutWithFlags = 234
    case resizeVolume = 260
    case setMetadata = 264
    case defineWithFlags = 350
}
