extension BadRequest {
    static let all = unreadable + undefined + misplaced + misaddressed

    /// Bodies that are no JSON or YAML.
    static let unreadable = [
        BadRequest(
            title: "JSON with a comma too many", body: #"{"kind": "vm", "definition": {"vars": {"a": 1,}}}"#,
            status: 400, detail: "line 1, column 47: } is not allowed here; expected a key in double quotes or }",
            place: (1, 47)),
        BadRequest(
            title: "JSON that is cut", body: #"{"kind": "vm""#, status: 400,
            detail: "line 1, column 14: the text ends too early; expected a , or }", place: (1, 14)),
        BadRequest(
            title: "an empty body", body: "", status: 400,
            detail: "line 1, column 1: the text is empty; expected a value", place: (1, 1)),
        BadRequest(
            title: "YAML with a list that is not closed", body: "kind: vm\ndefinition:\n  vars: {a: [1, 2}\n",
            type: "application/yaml", status: 400,
            detail:
                "line 3, column 18: did not find expected ',' or ']'; expected a comma or ] in the list that [ begins",
            place: (3, 18)),
        BadRequest(
            title: "YAML with a key twice", body: "kind: vm\nkind: vm\n", type: "application/yaml", status: 400,
            detail: "line 2, column 1: key \"kind\" is given twice; expected each key once", place: (2, 1)),
        BadRequest(
            title: "YAML with a tag that makes an object", body: "kind: vm\ndefinition: !!python/object {}\n",
            type: "application/yaml", status: 400,
            detail: "line 2, column 13: the tag !!python/object is not allowed; "
                + "expected no tag, or one of !!str !!int !!float !!bool !!null !!map !!seq",
            place: (2, 13)),
        BadRequest(
            title: "a media type that nobody reads", body: "a,b", type: "text/csv", status: 415,
            detail: "a body of type text/csv; expected application/json or application/yaml"),
    ]

    /// Bodies that say something else than an entry.
    static let undefined = [
        BadRequest(
            title: "a list for a map", body: "[1]", status: 400,
            detail: "expected the entry to be a map, found a list"),
        BadRequest(
            title: "a kind that there is not", body: #"{"kind": "vn"}"#, status: 400,
            detail: #"the entry: expected "kind" to be "folder" or "vm", found the string "vn""#),
        BadRequest(
            title: "an unknown member", body: #"{"kind": "vm", "definitoin": {}}"#, status: 400,
            detail: #"the entry: unknown member "definitoin"; did you mean "definition"?"#),
        BadRequest(
            title: "a value of the wrong type",
            body: #"{"kind": "vm", "definition": {"hardware": {"memory": [1]}}}"#, status: 422,
            detail: "/new: hardware.memory: expected a size such as 10GiB, or a number of bytes, found a list",
            key: "hardware.memory"),
        BadRequest(
            title: "an unknown key, with the nearest one",
            body: #"{"kind": "vm", "definition": {"hardware": {"cpu": 1}}}"#, status: 422,
            detail: #"/new: hardware.cpu: unknown key "cpu"; did you mean "cpus"?"#, key: "hardware.cpu"),
        BadRequest(
            title: "several faults at once",
            body: #"{"kind": "vm", "definition": {"hardwre": {}, "vars": 3}}"#, status: 422,
            detail: #"/new: hardwre: unknown key "hardwre"; did you mean "hardware"? (and 1 more)"#, key: "hardwre"),
        BadRequest(
            title: "references in a circle",
            body: #"{"kind": "vm", "definition": {"vars": {"a": "${{ vars.b }}", "b": "x ${{ vars.a }}"}}}"#,
            status: 422,
            detail: "the change would break one machine's definition: "
                + "/new: vars.b: references lead in a circle: vars.a → vars.b → vars.a",
            key: "vars.b"),
        BadRequest(
            title: "a reference to nothing",
            body: #"{"kind": "vm", "definition": {"vars": {"a": "${{ vars.bb }}"}}}"#, status: 422,
            detail: "the change would break one machine's definition: "
                + "/new: vars.a: ${{ vars.bb }} leads nowhere: this machine has no vars.bb",
            key: "vars.a"),
        BadRequest(
            title: "a certname that another machine has",
            body: #"{"kind": "vm", "definition": {"certname": "first.example"}}"#, status: 409,
            detail: "/new: certname: the certname \"first.example\" would be that of both /first and /new; "
                + "expected one that is unique in the tree: set certname on one of them"),
    ]

    /// Names that no entry can have, and places that are not there.
    static let misplaced = [
        BadRequest(
            title: "a name that is no label", path: "/v1/tree/Web_1", body: #"{"kind": "vm"}"#, status: 400,
            detail: #"/Web_1: "Web_1" is not a name: expected 1 to 63 of a-z, 0-9 and inner hyphens; "web-1" would do"#),
        BadRequest(
            title: "a name with an umlaut", path: "/v1/tree/Gr%C3%BCn", body: #"{"kind": "vm"}"#, status: 400,
            detail: #"/Grün: "Grün" is not a name: expected 1 to 63 of a-z, 0-9 and inner hyphens; "gruen" would do"#),
        BadRequest(
            title: "common as the name of a folder", path: "/v1/tree/a/common/b", body: #"{"kind": "vm"}"#,
            status: 400,
            detail: #"/a/common/b: "common" is reserved for a folder's own definition and cannot name an entry"#),
        BadRequest(
            title: "common as the name of a machine", method: "POST", path: "/v1/apply",
            body: #"{"entries": [{"path": "/a/common", "kind": "vm"}]}"#, status: 400,
            detail: #"/a/common: "common" is reserved for a folder's own definition and cannot name an entry"#),
        BadRequest(
            title: "a folder that does not exist", path: "/v1/tree/no/web", body: #"{"kind": "vm"}"#,
            status: 409, detail: "the folder /no does not exist; create it first, or ask with parents=true"),
        BadRequest(
            title: "a change of nothing", method: "PATCH", path: "/v1/tree/no", body: "{}", status: 404,
            detail: "/no does not exist"),
    ]

    /// Methods, addresses and queries that mean nothing.
    static let misaddressed = [
        BadRequest(
            title: "a method that is not for the path", method: "POST", path: "/v1/tree/first", body: "{}",
            status: 405, detail: "POST is not for /v1/tree/first; expected GET, HEAD, PUT, PATCH, DELETE"),
        BadRequest(
            title: "a document that cannot be deleted", method: "DELETE", path: "/enc/first.example",
            status: 405, detail: "DELETE is not for /enc/first.example; expected GET, HEAD"),
        BadRequest(
            title: "an address of nothing", method: "GET", path: "/v1/nothing", status: 404,
            detail: "there is nothing at /v1/nothing"),
        BadRequest(
            title: "a machine that nobody knows", method: "GET", path: "/pillar/nobody", status: 404,
            detail: "no machine is called \"nobody\""),
        BadRequest(
            title: "a path with an encoded NUL", method: "GET", path: "/v1/tree/a%00b", status: 400,
            detail: "the path is malformed: expected / and segments that are not empty, . or .., "
                + "in percent-encoded UTF-8, without an encoded / or NUL"),
        BadRequest(
            title: "a query that is no number", method: "GET", path: "/v1/tree/?recursive=true&limit=x",
            status: 400, detail: "limit=x: expected a number from 1 to 100000"),
        BadRequest(
            title: "a query that is neither true nor false", path: "/v1/tree/first?force=maybe",
            body: #"{"kind": "vm"}"#, status: 400, detail: "force=maybe: expected true or false"),
    ]
}
