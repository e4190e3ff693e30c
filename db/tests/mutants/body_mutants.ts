import type pg from "pg";
import { conditionsOf } from "./conditions.ts";
import { type HeldPair, heldPairsOf, isImplied, type Tables, tablesNamedIn } from "./implied.ts";
import type { Mutant } from "./mutant.ts";
import { decidesOnlyAboutLocks } from "./only_locks.ts";
import { type Token, tokensOf } from "./sql_tokens.ts";

/** A change of a body: tokens from..to (exclusive) give way to a text; `lock` when it takes a lock away. */
type Change = { kind: string; from: number; to: number; by: string; lock?: string; isImplied?: boolean };

type Func = { name: string; definition: string; tables: string[] };

/**
 * What can be broken inside the functions: the locks they take, the conditions they ask, the boundaries they draw, the
 * steps they call. One change at a time, from the definitions as the database holds them. FND-05, FND-06.
 */
export async function bodyMutantsOf(client: pg.ClientBase): Promise<Mutant[]> {
  const pairs = await heldPairsOf(client);
  const { rows } = await client.query<Func & { runs: "counted" | "unseen" }>(
    `select f.name, pg_get_functiondef(f.oid) as definition,
            array(select tg.tgrelid::regclass::text from pg_trigger tg where tg.tgfoid = f.oid and tg.tgparentid = 0) as tables,
            case l.lanname when 'plpgsql' then 'counted' else 'unseen' end as runs
     from tests.app_functions f join pg_language l on l.oid = f.prolang
     where f.prokind in ('f', 'p') order by 1`,
  );
  return onlyLocks(
    rows.flatMap(({ runs, ...func }) =>
      mutantsOfFunction(func, pairs).map((mutant) => ({ ...mutant, runs })),
    ),
  );
}

/** A step counts as a lock when its function takes one, itself or by such a step. */
function onlyLocks(mutants: Mutant[]): Mutant[] {
  const parts = ({ lock = "" }: Mutant) => /^(\S+): (\S+)/.exec(lock)?.slice(1) ?? [];
  const isStep = ({ kind }: Mutant) => kind === "leave a step out";
  const locks = mutants.filter(({ lock }) => lock);
  const takers = new Set(locks.filter((mutant) => !isStep(mutant)).map((mutant) => parts(mutant)[0]));
  for (let before = 0; before < takers.size; ) {
    before = takers.size;
    for (const [caller, called] of locks.filter(isStep).map(parts))
      if (takers.has(called)) takers.add(caller);
  }
  return mutants.map((mutant) =>
    mutant.lock && isStep(mutant) && !takers.has(parts(mutant)[1]) ? { ...mutant, lock: undefined } : mutant,
  );
}

/** Without the conditions that a key makes true, and those that narrow what is locked: left out, they change no answer. */
export function mutantsOfFunction({ name, definition, tables }: Func, pairs: HeldPair[]): Mutant[] {
  const { from, to } = bodyOf(definition);
  const body = tokensOf(definition.slice(from, to));
  const named = tablesNamedIn(tokensOf(definition.slice(0, to)), tables);
  const changes = [
    ...changesOf(body, named, pairs).map((change) => ({ tokens: body, change })),
    ...body.flatMap((token) => {
      const tokens = tokensWithin(token);
      return [...rowLocks(tokens), ...advisoryLocks(tokens)].map((change) => ({ tokens, change }));
    }),
  ];
  const numbered = numbering();
  return changes.flatMap(({ tokens, change }) => {
    const start = from + (tokens[change.from]?.from ?? 0);
    const end = from + (tokens[change.to - 1]?.to ?? 0);
    const object = numbered(change.kind, `${name}: ${shown(tokens, change)}`);
    if (change.isImplied) return [];
    return {
      kind: change.kind,
      object,
      function: name,
      definition,
      lock: change.lock && numbered(`${change.kind}, lock`, `${name.replace(/\(.*/, "")}: ${change.lock}`),
      sql: definition.slice(0, start) + change.by + definition.slice(end),
    };
  });
}

/** The same words twice in one function get a number, so that each has a name that lasts. */
function numbering(): (sort: string, words: string) => string {
  const timesSeen = new Map<string, number>();
  return (sort, words) => {
    const times = (timesSeen.get(sort + words) ?? 0) + 1;
    timesSeen.set(sort + words, times);
    return times === 1 ? words : `${words} (${times})`;
  };
}

/** What a text in quotes is made of, at its place in the body: SQL that a function puts together stands in such texts. */
function tokensWithin({ kind, text, from }: Token): Token[] {
  if (kind !== "string") return [];
  const [, prefix = "", quote = ""] = /^([a-z]?)(\$\w*\$|')/i.exec(text) ?? [];
  const start = prefix.length + quote.length;
  return tokensOf(text.slice(start, -quote.length)).map((token) => ({
    ...token,
    from: from + start + token.from,
    to: from + start + token.to,
  }));
}

/** The words that change, and beside a single sign its neighbours. */
function shown(tokens: Token[], { from, to }: Pick<Change, "from" | "to">): string {
  const around = tokens[from]?.kind === "sign" || tokens[from]?.text === "is" ? 3 : 0;
  return tokens
    .slice(Math.max(0, from - around), to + around)
    .map(({ text }) => text)
    .join(" ")
    .replace(/ ?(\.|::) ?/g, "$1")
    .replace(/ (\)|,|\()/g, "$1")
    .replace(/\( /g, "(");
}

function bodyOf(definition: string): { from: number; to: number } {
  const quoted = /^AS (\$\w*\$)/m.exec(definition);
  if (quoted?.[1]) {
    return { from: quoted.index + quoted[0].length, to: definition.lastIndexOf(quoted[1]) };
  }
  const standard = /^(BEGIN ATOMIC|RETURN )/im.exec(definition);
  return { from: standard ? standard.index : definition.length, to: definition.length };
}

/** Every change of a body, in the order in which it is written. */
function changesOf(tokens: Token[], named: Tables, pairs: HeldPair[]): Change[] {
  return [
    ...rowLocks(tokens),
    ...advisoryLocks(tokens),
    ...boundaries(tokens),
    ...steps(tokens),
    ...conditions(tokens, named, pairs),
  ].toSorted((a, b) => a.from - b.from || a.to - b.to);
}

/** `for update of x skip locked`: the lock let go of; and where it skips, waiting instead. */
function rowLocks(tokens: Token[]): Change[] {
  return tokens.flatMap((token, at): Change[] => {
    if (token.text !== "for") return [];
    const words = tokens.slice(at + 1, at + 4).map(({ text }) => text);
    const strength = ["no key update", "key share", "update", "share"].find(
      (name) => words.slice(0, name.split(" ").length).join(" ") === name,
    );
    if (!strength) return [];
    let to = at + 1 + strength.split(" ").length;
    if (tokens[to]?.text === "of") {
      to += 2;
      while (tokens[to]?.text === "," || tokens[to]?.text === ".") to += 2;
    }
    const skips = tokens[to]?.text === "skip";
    const clause = { from: at, to: skips ? to + 2 : to };
    const lock = shown(tokens, clause);
    return [
      { kind: "let go of a row", ...clause, by: "", lock },
      ...(skips ? [{ kind: "wait for what others have locked", from: to, to: to + 2, by: "", lock }] : []),
    ];
  });
}

/** The function that takes the lock gives way to one that does nothing with its arguments. */
function advisoryLocks(tokens: Token[]): Change[] {
  return tokens.flatMap((token, at) => {
    if (!/^pg_(try_)?advisory_(xact_)?lock(_shared)?$/.test(token.text)) return [];
    if (tokens[at + 1]?.text !== "(") return [];
    const from = tokens[at - 1]?.text === "." ? at - 2 : at;
    const by = token.text.startsWith("pg_try") ? "0 <= pg_catalog.num_nulls" : "pg_catalog.num_nulls";
    return [{ kind: "take no advisory lock", from, to: at + 1, by, lock: token.text }];
  });
}

const moved: Record<string, string> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };

function boundaries(tokens: Token[]): Change[] {
  return tokens.flatMap((token, at) => {
    const by = token.kind === "sign" ? moved[token.text] : undefined;
    return by ? [{ kind: "move a boundary", from: at, to: at + 1, by }] : [];
  });
}

/** A statement that calls a function for what it does or refuses: not called. */
function steps(tokens: Token[]): Change[] {
  return tokens.flatMap((token, at) => {
    if (token.text !== "perform" || tokens[at + 1]?.text === "from") return [];
    const to = tokens.findIndex(({ text }, index) => index > at && text === ";");
    // Locks have a kind of their own, and a refusal not made is the condition before it never met.
    if (tokens.slice(at, to).some(({ text }) => /advisory|^refuse$/.test(text))) return [];
    const called = shown(tokens, { from: at + 1, to: at + 4 });
    const lock = /^app_private\.(lock|require)_/.test(called) ? called : undefined;
    return [{ kind: "leave a step out", from: at, to, by: "null", lock }];
  });
}

function conditions(tokens: Token[], named: Tables, pairs: HeldPair[]): Change[] {
  return conditionsOf(tokens).flatMap(({ opener, from, to, terms }) => {
    const decides = ["if", "elsif", "when", "while"].includes(opener);
    const onlyLocks = decidesOnlyAboutLocks(tokens, { opener, from, to });
    return [
      ...terms.flatMap((term): Change[] => {
        const out = {
          kind: "leave a condition out",
          from: term.from,
          to: term.to,
          by: term.neutral,
          isImplied: onlyLocks || isImplied(tokens, term, term.beside, named, pairs),
        };
        return term.isWhole && decides ? [out, { ...out, kind: "never ask", by: "false" }] : [out];
      }),
      // Of a single question that decides, both answers are tried already.
      ...(decides && terms.length === 1 ? [] : turns(tokens, from, to, decides || opener === "return")),
    ];
  });
}

/** `is null` for `is not null`, `=` for `<>`, at this depth alone: what is deeper has its own condition. */
function turns(tokens: Token[], from: number, to: number, withEquality: boolean): Change[] {
  const kind = "turn a comparison";
  const changes: Change[] = [];
  let depth = 0;
  for (let at = from; at < to; at++) {
    const text = tokens[at]?.text;
    if (text === "(" || text === "[") depth++;
    else if (text === ")" || text === "]") depth--;
    else if (depth > 0) continue;
    else if (text === "is" && tokens[at + 1]?.text === "not")
      changes.push({ kind, from: at, to: at + 2, by: "is" });
    else if (text === "is") changes.push({ kind, from: at, to: at + 1, by: "is not" });
    else if (text === "<>") changes.push({ kind, from: at, to: at + 1, by: "=" });
    else if (text === "=" && withEquality) changes.push({ kind, from: at, to: at + 1, by: "<>" });
  }
  return changes;
}
