import Secrets
import Testing
import Tree

@testable import Service

@Suite("Guessing")
struct GuessTests {
    private let password = "correct horse battery"

    @Test("after five wrong passwords the next is not heard, whether or not there is such a user; who is in stays in")
    func pauses() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            let token = try await site.addToken(as: .basic("jana", password))
            for name in ["jana", "nobody"] {
                var replies: [Reply] = []
                // On a slow machine the first pauses may be over before the next guess; each is twice as long.
                while replies.last?.status != 429, replies.count < 15 {
                    replies.append(try await site.logIn(name, "wrong \(replies.count)"))
                }
                #expect(replies.count > 5 && replies.dropLast().allSatisfy { $0.status == 400 })
                let paused = try #require(replies.last)
                #expect(paused.status == 429 && paused["error"] == "temporarily_unavailable", "\(paused.text)")
                let seconds = try #require(paused.header("Retry-After").flatMap { Int($0) })
                #expect(seconds > 0)
                #expect(
                    paused["error_description"]?.string
                        == "too many attempts to log in; try again in \(seconds) s")
            }
            // What was found right lately is not a guess, and a token is none.
            #expect(try await site.ask("GET", "/v1/whoami", as: .basic("jana", password)).status == 200)
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(token)).status == 200)
        }
    }

    @Test("the same wrong password sent again and again is answered from memory and counts once")
    func repetition() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            for _ in 1...12 {
                #expect(try await site.ask("GET", "/v1/whoami", as: .basic("jana", "an old password")).status == 401)
            }
            #expect(try await site.logIn("jana", password).status == 200)
        }
    }

    @Test("pauses double to their longest, and an hour of quiet ends them")
    func doubling() {
        var pauses = Pauses<String>(free: 2, longest: 10_000)
        var (now, lengths) = (0, [Int]())
        for _ in 1...8 {
            lengths.append(pauses.remaining("jana", now: now))
            now += pauses.remaining("jana", now: now)
            pauses.charge("jana", now: now)
        }
        #expect(lengths == [0, 0, 0, 1_000, 2_000, 4_000, 8_000, 10_000])
        #expect(pauses.remaining("petr", now: now) == 0)
        #expect(pauses.remaining("jana", now: now + 3_600_000) == 0)
        // A clock that is set back makes no pause longer.
        #expect(pauses.remaining("jana", now: -1_000_000) == 10_000)
        pauses.forgive("jana")
        #expect(pauses.remaining("jana", now: now) == 0)
    }

    @Test("what is remembered of guesses is bounded, however many names are tried")
    func bounded() {
        var pauses = Pauses<Int>(free: 0, longest: 10_000)
        for name in 0..<30_000 { pauses.charge(name, now: name) }
        #expect(pauses.count <= 10_000)
        #expect(pauses.remaining(29_999, now: 29_999) == 1_000)
    }

    @Test("who came in from a network lately is not kept out by others' guesses, who are paused")
    func trust() throws {
        var watch = GuessWatch()
        let name = try Fingerprints().fingerprint(of: "jana")
        let owner = GuessWatch.Attempt(user: 1, name: name, network: "192.0.2.7")
        let thief = GuessWatch.Attempt(user: 1, name: name, network: "198.51.100.9")
        #expect(watch.begin(owner, now: 0) == 0)
        watch.succeed(owner)
        for _ in 1...6 { #expect(watch.begin(thief, now: 1) == 0) }
        #expect(watch.begin(thief, now: 1) == 1_000)
        #expect(watch.begin(owner, now: 1) == 0)
    }

    @Test("a network is paused whatever names it tries, and an IPv6 client by its first 64 bits")
    func networks() throws {
        var watch = GuessWatch()
        let fingerprints = try Fingerprints()
        for number in 1...21 {
            let name = fingerprints.fingerprint(of: "name \(number)")
            let network = Network.of("2001:db8:1:2::\(number)")
            #expect(watch.begin(GuessWatch.Attempt(user: nil, name: name, network: network), now: 0) == 0)
        }
        let next = fingerprints.fingerprint(of: "another name")
        let same = GuessWatch.Attempt(user: nil, name: next, network: Network.of("2001:db8:1:2:ffff::1"))
        let other = GuessWatch.Attempt(user: nil, name: next, network: Network.of("2001:db8:1:3::1"))
        #expect(watch.begin(same, now: 0) == 1_000)
        #expect(watch.begin(other, now: 0) == 0)
    }
}
