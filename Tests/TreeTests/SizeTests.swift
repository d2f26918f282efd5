import Testing
import Tree

@Suite("A size")
struct SizeTests {
    @Test(
        "is a number of bytes, or a text with a unit",
        arguments: [
            (1, 1), ("1", 1), ("512 B", 512), ("1K", 1024), ("1KiB", 1024), ("2M", 2 << 20), ("2MiB", 2 << 20),
            ("20G", 20 << 30), ("20 GiB", 20 << 30), ("1.5GiB", 3 << 29), ("1T", 1 << 40), ("1TiB", 1 << 40),
        ] as [(Value, Int)])
    func reads(_ value: Value, _ bytes: Int) {
        #expect(Size(value)?.bytes == bytes)
    }

    @Test(
        "is nothing else",
        arguments: [
            0, -1, 2.0, nil, true, "", "GiB", "-1G", "0", "0GiB", "10GB", "1 g", "1e3", "1.2.3G", "9000000TiB",
            "2 potatoes",
            "٣G", [1], [:],
        ] as [Value])
    func refuses(_ value: Value) {
        #expect(Size(value) == nil)
    }
}
