import Formats
import Foundation
import OrderedCollections
import Tree

extension Salt {
    /// What Salt makes of many minions, in one process, by the code that a master runs: its pillar compiler with our
    /// external pillar, and its top modules.
    ///
    /// - Returns: by certname, `pillar` and `top`.
    func views(_ certnames: [String]) async throws -> Value {
        let outcome = try await run(
            Salt.python, ["-c", Salt.program, scratch.file("master"), scratch.file("views.json")],
            environment: ["HEADWATER_CONF": scratch.file("client.conf")], input: certnames.joined(separator: "\n"))
        guard outcome.status == 0 else { throw RunError(description: "python failed: \(outcome.errors)") }
        return try scratch.json("views.json")
    }

    private static let program = """
        import json, sys
        import salt.config, salt.loader, salt.pillar

        opts = salt.config.master_config(sys.argv[1])
        views = {}
        for minion in sys.stdin.read().split():
            grains = {"id": minion}
            compiler = salt.pillar.Pillar(dict(opts), grains, minion, "base")
            tops = salt.loader.tops(opts)
            views[minion] = {
                "pillar": compiler.compile_pillar(),
                "top": tops["headwater"](opts={**opts, "id": minion}, grains=grains),
            }
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(views, file, ensure_ascii=False, allow_nan=False)
        """
}
