import Testing
import Tree

@Suite("Sizes")
struct SizeTests {
    private static let readable: [(String, Int)] = [
        ("2GiB", 2_147_483_648), ("20G", 21_474_836_480), ("512MiB", 536_870_912), ("512M", 536_870_912),
        ("1.5GiB", 1_610_612_736), ("1 TiB", 1_099_511_627_776), ("64KiB", 65536), ("64K", 65536), ("65536", 65536),
        ("10B", 10), ("0.25T", 274_877_906_944), ("8388607TiB", 9_223_370_937_343_148_032),
        ("9223372036854775807", Int.max),
    ]

    @Test("a size is read in powers of 1024, whatever the unit is called", arguments: readable)
    func reads(text: String, bytes: Int) {
        #expect(Size(.string(text))?.bytes == bytes)
    }

    @Test("of no bytes is written without a unit")
    func nothing() {
        #expect("\(Size(bytes: 0))" == "0")
    }

    @Test("an integer is bytes")
    func readsBytes() {
        #expect(Size(.integer(1024))?.bytes == 1024)
    }

    @Test(
        "what is no size, or could be read in two ways, is none",
        arguments: [
            "", "0", "0GiB", "GiB", "2GB", "2gib", "-1GiB", "1.GiB", ".5GiB", "1.2.3GiB", "1.5", "2 G iB", "8388608TiB",
            "1e3",
            "99999999999999999999", "1.0000001GiB", "２GiB", "8388607.999999999TiB", "+1GiB",
        ])
    func refuses(text: String) {
        #expect(Size(.string(text)) == nil)
    }

    @Test(
        "a value of another kind, or not above zero, is no size",
        arguments: [Value.integer(-1), 0, 1.5, true, .null, [], [:]])
    func refusesKinds(value: Value) {
        #expect(Size(value) == nil)
    }

    @Test("a size is printed in the largest unit that says it exactly, and read back the same")
    func prints() {
        for (bytes, text) in [(2_147_483_648, "2GiB"), (1_610_612_736, "1536MiB"), (1000, "1000")] {
            #expect(Size(bytes: bytes).description == text)
            #expect(Size(text)?.bytes == bytes)
        }
    }
}
