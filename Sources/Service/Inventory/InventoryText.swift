import Formats
import HTTP
import OrderedCollections
import Secrets
import Store
import Views

/// Answers that are put together of pages.
struct InventoryText {
    let body: Body
    /// A strong entity tag, made of the pages' digests.
    let etag: String

    /// The answer to `--list`.
    init(_ pages: [Page], _ groups: Groups) {
        let frame = Page.Frame(before: "", between: ":", after: ",")
        body = Body(
            pages, in: frame, after: "{\"_meta\":{\"hostvars\":{", before: Array("}}".utf8) + groups.bytes,
            inPlaceOfLast: 1)
        etag = Document.etag(of: pages.flatMap(\.digest) + groups.digest)
    }

    /// The answer to `--list` with no variables.
    init(namesOf rolls: [Roll], _ groups: Groups) {
        let isEmpty = rolls.allSatisfy(\.hosts.isEmpty)
        var bytes = Array("{\"_meta\":{\"hostvars\":{".utf8)
        for host in rolls.lazy.flatMap(\.hosts) {
            JSON.append(key: host.certname, to: &bytes)
            bytes += "{},".utf8
        }
        if !isEmpty { bytes.removeLast() }
        body = Body(bytes + "}}".utf8 + groups.bytes)
        etag = Document.etag(of: Digest.blake2b256(of: bytes) + groups.digest)
    }

    /// The variables of each host on a line of its own.
    init(lines pages: [Page]) {
        let frame = Page.Frame(before: "{\"host\":", between: ",\"vars\":", after: "}\n")
        body = Body(pages, in: frame)
        etag = Document.etag(of: pages.flatMap(\.digest))
    }
}

extension Body {
    /// Pages between a beginning and an end, copied together on all cores.
    ///
    /// - Parameter overlap: how many of the pages' last bytes the end takes the place of, if there are any.
    fileprivate convenience init(
        _ pages: [Page], in frame: Page.Frame, after head: String = "", before tail: [UInt8] = [],
        inPlaceOfLast overlap: Int = 0
    ) {
        var places: [(page: Page, start: Int)] = []
        var end = head.utf8.count
        for (page, count) in zip(pages, Parallel.map(pages, atATime: 16) { $0.count(in: frame) }) {
            places.append((page, end))
            end += count
        }
        if end > head.utf8.count { end -= overlap }
        self.init(count: end + tail.count) { bytes in
            nonisolated(unsafe) let bytes = bytes
            bytes.copyBytes(from: head.utf8)
            _ = Parallel.map(places, atATime: 16) { page, start in
                var place = start
                page.forEachPiece(in: frame) { piece in
                    UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + piece.count]).copyMemory(from: piece)
                    place += piece.count
                }
            }
            UnsafeMutableRawBufferPointer(rebasing: bytes[end...]).copyBytes(from: tail)
        }
    }
}
