import { describe, expect, it } from "vitest";
import { refusalOf, type TestApi } from "../support.ts";
import { api } from "./doors.ts";

export function pagesCases(): void {
  describe("FND-29: a page", () => {
    const names = (answer: Awaited<ReturnType<TestApi["graphql"]>>) =>
      answer.body.data.probeThings.nodes.length;

    it("has fifty rows when nobody says how many", async () => {
      expect(names(await api.graphql("{ probeThings { nodes { id } } }"))).toBe(50);
      expect(names(await api.graphql("query ($n: Int) { probeThings(first: $n) { nodes { id } } }"))).toBe(
        50,
      );
      expect(names(await api.graphql("{ probeThings(first: null) { nodes { id } } }"))).toBe(50);
    });

    it("has as many as were asked for, up to a hundred, from either end", async () => {
      expect(names(await api.graphql("{ probeThings(first: 7) { nodes { id } } }"))).toBe(7);
      expect(names(await api.graphql("{ probeThings(first: 100) { nodes { id } } }"))).toBe(100);
      const last = await api.graphql("{ probeThings(last: 2, orderBy: PRIMARY_KEY_ASC) { nodes { id } } }");
      expect(last.body.data.probeThings.nodes).toEqual([{ id: 147 }, { id: 148 }]);
    });

    it("goes on with a cursor, page after page, and knows the total", async () => {
      const first = await api.graphql(
        "{ probeThings(first: 100) { totalCount pageInfo { hasNextPage endCursor } } }",
      );
      expect(first.body.data.probeThings).toMatchObject({ totalCount: 148, pageInfo: { hasNextPage: true } });
      const next = await api.graphql(
        "query ($after: Cursor) { probeThings(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage } } }",
        {
          variables: { after: first.body.data.probeThings.pageInfo.endCursor },
        },
      );
      expect(next.body.data.probeThings.nodes).toHaveLength(48);
      expect(next.body.data.probeThings.pageInfo.hasNextPage).toBe(false);
    });

    it("is fifty inside another page too", async () => {
      const answer = await api.graphql("{ probeThing(id: 1) { probeParts { nodes { id } } } }");
      expect(answer.body.data.probeThing.probeParts.nodes).toHaveLength(50);
    });

    it("is longer for a function that says so in its comment, and still bounded", async () => {
      const all = await api.graphql("{ probeNumbers { nodes { name } totalCount } }");
      expect(all.body.data.probeNumbers.nodes).toHaveLength(500);
      expect(all.body.data.probeNumbers.totalCount).toBe(900);
      expect(refusalOf(await api.graphql("{ probeNumbers(first: 501) { nodes { name } } }"))).toMatchObject({
        code: "VALIDATION",
        details: { field: "first", most: 500 },
      });
    });

    it.each([
      ["first in the document", "{ probeThings(first: 101) { nodes { id } } }", {}, "first"],
      ["first below nothing", "{ probeThings(first: -1) { nodes { id } } }", {}, "first"],
      ["the largest first there is", "{ probeThings(first: 2147483647) { nodes { id } } }", {}, "first"],
      ["last in the document", "{ probeThings(last: 101) { nodes { id } } }", {}, "last"],
      [
        "first in a variable",
        "query ($n: Int) { probeThings(first: $n) { nodes { id } } }",
        { n: 101 },
        "first",
      ],
      ["last in a variable", "query ($n: Int) { probeThings(last: $n) { nodes { id } } }", { n: -5 }, "last"],
      [
        "first in a variable's default",
        "query ($n: Int = 500) { probeThings(first: $n) { nodes { id } } }",
        {},
        "first",
      ],
      ["first where only the total is asked for", "{ probeThings(first: 101) { totalCount } }", {}, "first"],
      [
        "first inside another page",
        "{ probeThing(id: 1) { probeParts(first: 101) { nodes { id } } } }",
        {},
        "first",
      ],
      [
        "last inside another page, in a variable",
        "query ($n: Int) { probeThing(id: 1) { probeParts(last: $n) { nodes { id } } } }",
        { n: 1000 },
        "last",
      ],
      ["an offset beyond reason", "{ probeThings(offset: 10001) { nodes { id } } }", {}, "offset"],
      ["an offset below nothing", "{ probeThings(offset: -1) { nodes { id } } }", {}, "offset"],
      ["both ends at once", "{ probeThings(first: 1, last: 1) { nodes { id } } }", {}, "last"],
    ])("is refused with %s, and no row comes along", async (_name, query, variables, field) => {
      const answer = await api.graphql(query, { variables });
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", details: { field } });
      expect(answer.text).not.toContain("id");
    });
  });

  describe("FND-29: a cursor", () => {
    it.each(["nonsense", "WyJuYXR1cmFsIiwxXQ==", "e30="])(
      "that never was one (%s) is VALIDATION",
      async (after) => {
        const answer = await api.graphql(
          "query ($after: Cursor) { probeThings(after: $after) { nodes { id } } }",
          {
            variables: { after },
          },
        );
        expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "cursor_not_readable" });
      },
    );
  });

  describe("FND-29: ordering and filtering", () => {
    const fieldsOf = async (type: string, kind: "inputFields" | "enumValues") => {
      const answer = await api.graphql(`{ __type(name: "${type}") { ${kind} { name } } }`);
      return answer.body.data.__type[kind].map((value: { name: string }) => value.name);
    };

    it("is offered on columns with an index and on no other", async () => {
      expect(await fieldsOf("ProbeThingFilter", "inputFields")).toEqual(
        expect.arrayContaining(["id", "name", "keyless", "optional"]),
      );
      expect(await fieldsOf("ProbeThingFilter", "inputFields")).not.toContain("unindexed");
      // An order wants the key at the end of its index, and a value in every row.
      expect(await fieldsOf("ProbeThingOrderBy", "enumValues")).toEqual([
        "PRIMARY_KEY_ASC",
        "PRIMARY_KEY_DESC",
        "NAME_ASC",
        "NAME_DESC",
      ]);
    });

    it("takes no condition beside filter, and refuses an empty one", async () => {
      expect(refusalOf(await api.graphql("{ probeThings(condition: {id: 1}) { nodes { id } } }")).code).toBe(
        "GRAPHQL_VALIDATION",
      );
      expect(
        refusalOf(await api.graphql("{ probeThings(filter: {id: {equalTo: null}}) { nodes { id } } }")).code,
      ).toBe("VALIDATION");
    });

    it("filters, and aggregates what was filtered", async () => {
      const answer = await api.graphql(
        '{ probeThings(filter: {name: {in: ["thing 1", "thing 2"]}}) { nodes { id } aggregates { distinctCount { id } } } }',
      );
      expect(answer.body.data.probeThings).toEqual({
        nodes: [{ id: 1 }, { id: 2 }],
        aggregates: { distinctCount: { id: "2" } },
      });
    });
  });
}
