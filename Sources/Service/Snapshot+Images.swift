import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree

/// Golden images: overlays of machines that exist are nothing without theirs.
extension Snapshot {
    /// Refuses an edit that takes an image away from disks that lean on it, or makes its name mean another one.
    ///
    /// What counts is what machines were made of, not what their definitions say by now.
    func refuseLostImages(_ edit: Edit, _ inheritances: Inheritances) throws(ServiceError) {
        guard records.values.contains(where: { !$0.backings.isEmpty }) else { return }
        var losers: OrderedDictionary<Image, [Path]> = [:]
        for place in edit.tops {
            for batch in edit.tree.batches(below: place, inheritances) {
                let after = batch.inheritance
                var isSame: Bool?
                for entry in batch.entries {
                    guard let backings = records[entry.id]?.backings, !backings.isEmpty, let old = self.entry(entry.id)
                    else { continue }
                    isSame = isSame ?? inheritance(of: after.path)?.hasImages(of: after)
                    if isSame == true, old.path == entry.path, old.definition == entry.definition { continue }
                    let definition = after.compute(entry.layer).definition
                    for image in backings where Image(named: image.name, in: definition)?.place != image.place {
                        losers[image, default: []].append(entry.path)
                    }
                }
            }
        }
        if let (image, paths) = losers.elements.first { throw .leanedOn(image, paths) }
    }

    /// Refuses to start or to remove a machine whose own disk is an image that disks of others lean on.
    func refuseUseAsImage(_ entry: Entry) throws(ServiceError) {
        let volume = "\(entry.id)-"
        // Which they are is told by the list of images to those who may view them.
        let isLeanedOn = records.contains { id, record in
            guard id != entry.id, let images = record.applied?["images"]?.map, index.listings[id] != nil,
                images.values.contains(where: { $0.names(volume) }),
                record.backings.contains(where: { $0.fileName.hasPrefix(volume) })
            else { return false }
            return true
        }
        guard isLeanedOn else { return }
        throw .conflict(
            entry.path,
            "\(entry.path): a disk of its is the image that disks of others lean on; destroy these first, as /v1/images "
                + "lists them")
    }
}

extension Record {
    /// The images that the machine's disks lean on, if it has any.
    var backings: [Image] {
        guard let applied, machine.failure?.isGone != true else { return [] }
        return Image.backings(of: applied)
    }
}

extension Inheritance {
    /// Whether images are the same here as in another state of the folder, without looking at what references lead to.
    func hasImages(of other: Inheritance) -> Bool {
        ["images", "pools", "prototypes"].allSatisfy { key in
            let mine = fields[key]
            return mine?.value == other.fields[key]?.value && mine?.holdsReference != true
        }
    }
}

extension Image {
    fileprivate var fileName: Substring {
        place.split(separator: "/").last ?? ""
    }
}

extension Value {
    /// Whether an image, as a definition has it, may be a file or a volume of a name that begins so.
    fileprivate func names(_ beginning: String) -> Bool {
        [map?["volume"], map?["file"]].contains { $0?.string?.contains(beginning) == true }
    }
}

extension ServiceError {
    /// `/a, /b and 3 more`.
    static func list(_ paths: [Path]) -> String {
        if paths.isEmpty { return "machines that are not yours to view" }
        let shown = paths.sorted().prefix(3).map(\.description)
        guard paths.count <= shown.count else {
            return "\(shown.joined(separator: ", ")) and \(paths.count - shown.count) more"
        }
        return shown.count < 2
            ? shown.joined() : "\(shown.dropLast().joined(separator: ", ")) and \(shown.last ?? "")"
    }
}
