import "postgraphile";
import { isPromiseLike } from "grafast";
import {
  type PgCodec,
  PgDeleteSingleStep,
  PgInsertSingleStep,
  PgSelectStep,
  PgUpdateSingleStep,
} from "postgraphile/@dataplan/pg";
import { sql } from "postgraphile/pg-sql2";
import type { Settings } from "../identity/session.ts";
import { isNamed, ofOperation } from "../operation_settings.ts";
import { learnWhoseRows, type WhoseRow, whoseRow } from "../readings/persons.ts";
import { type Asker, type Reading, recordReadings } from "../readings/record.ts";

/**
 * Whoever opens one patient's record is on record once a visit, by whatever way they come to it (FND-08).
 *
 * Every statement that the schema runs is a step: a select (by key, list, page, aggregate, function, relation,
 * subscription) or a change of one row. A step whose rows are about patients asks for two columns more, whom a row is
 * about and at which clinic. When all of its rows are about one patient, that is recorded before the rows are handed on.
 * Rows of many are a list, but for those that the request names by id, the patient's or the row's: whoever names two
 * patients reads of two. What is joined into a statement about the same patient is recorded with it, so a join into
 * another statement is forbidden. A step that was not made ready fails rather than answers.
 */
export const ChartReadingsPlugin: GraphileConfig.Plugin = {
  name: "ChartReadingsPlugin",
  version: "1.0.0",
  schema: {
    hooks: {
      build(build) {
        learnWhoseRows(build.input.pgRegistry);
        watchSteps();
        return build;
      },
    },
  },
  grafast: {
    middleware: {
      execute(next, { args }) {
        const context = args.contextValue as { pgSettings?: Settings } | undefined;
        if (context?.pgSettings) context.pgSettings = ofOperation(context.pgSettings, args);
        return next();
      },
    },
  },
};

type Fragment = ReturnType<typeof sql.identifier>;
type Row = readonly (string | null)[];
type Places = { person: number; clinic: number | null; row: number | null; whose: WhoseRow };
type Dependency = { at(index: number): unknown };
type Watched = {
  alias: Fragment;
  contextId: number;
  resource: { codec: PgCodec };
  selectAndReturnIndex(fragment: Fragment): number;
  finalize(): void;
  execute(details: { values: readonly Dependency[] }): unknown;
};
type WatchedSelect = Watched & {
  mode: string;
  isInliningForbidden: boolean;
  setInliningForbidden(): void;
  getParentForInlining(): { $pgSelect: { resource: { codec: never } } } | null;
  optimize(options: object): unknown;
};

const ready = new WeakMap<object, Places>();
let isWatching = false;

/** The classes of the steps are the library's own, so they are watched once for the whole process. */
function watchSteps(): void {
  if (isWatching) return;
  isWatching = true;

  const select = PgSelectStep.prototype as unknown as WatchedSelect;
  const { optimize, execute } = select;
  select.optimize = function (this: WatchedSelect, options) {
    if (whoseRow(this.resource.codec) && !this.isInliningForbidden) {
      const parent = this.getParentForInlining();
      if (parent && !whoseRow(parent.$pgSelect.resource.codec)) this.setInliningForbidden();
    }
    return optimize.call(this, options);
  };
  makeReady(select, (step) => (step as WatchedSelect).mode === "aggregate");
  select.execute = async function (this: WatchedSelect, details) {
    const results = (await execute.call(this, details)) as readonly unknown[];
    if (!isCounted(this)) return results;
    const rows: Row[] = [];
    for (const result of results) {
      const items = (result as { items?: unknown } | null)?.items;
      if (Array.isArray(items)) rows.push(...(items as Row[]));
      else if (items !== undefined) throw new Error("rows about patients are not streamed");
    }
    await recordWhoWasRead(this, details, rows);
    return results;
  };

  for (const { prototype } of [PgInsertSingleStep, PgUpdateSingleStep, PgDeleteSingleStep]) {
    const change = prototype as unknown as Watched;
    const { execute: run } = change;
    makeReady(change, () => false);
    change.execute = async function (this: Watched, details) {
      const results = (await run.call(this, details)) as readonly unknown[];
      if (!isCounted(this)) return results;
      return results.map(async (promised) => {
        const result = (isPromiseLike(promised) ? await promised : promised) as { t?: Row } | null;
        if (result?.t) await recordWhoWasRead(this, details, [result.t]);
        return result;
      });
    };
  }
}

/** Asks for the columns when nothing else of the step will change any more. */
function makeReady(step: Watched, isAggregate: (step: Watched) => boolean): void {
  const { finalize } = step;
  step.finalize = function (this: Watched) {
    const whose = whoseRow(this.resource.codec);
    if (whose && !ready.has(this) && (!isAggregate(this) || whose.isOwnColumn)) {
      const asked = (column: Fragment) =>
        this.selectAndReturnIndex(
          isAggregate(this)
            ? sql`(case when min((${column})::text) = max((${column})::text) then min((${column})::text) end)`
            : sql`(${column})::text`,
        );
      const clinic = whose.clinic(this.alias);
      const hasId = "id" in (this.resource.codec.attributes ?? {}) && !isAggregate(this);
      ready.set(this, {
        person: asked(whose.person(this.alias)),
        clinic: clinic && asked(clinic),
        row: hasId ? asked(sql`${this.alias}.${sql.identifier("id")}`) : null,
        whose,
      });
    }
    return finalize.call(this);
  };
}

/** Counts of what is about a patient only through another row say nothing about anybody, and would look up each. */
function isCounted(step: Watched): boolean {
  const whose = whoseRow(step.resource.codec);
  if (!whose || ready.has(step)) return whose !== null;
  if ((step as WatchedSelect).mode === "aggregate" && !whose.isOwnColumn) return false;
  throw new Error(`a step over ${whose.name} ran without its columns`);
}

/** More patients than this are named for work on many: a list. */
const MOST_NAMED = 20;

async function recordWhoWasRead(
  step: Watched,
  { values }: { values: readonly Dependency[] },
  rows: Row[],
): Promise<void> {
  const { person, clinic, row: id, whose } = ready.get(step) as Places;
  const asker = values[step.contextId]?.at(0) as Asker;
  // Another patient, or a guest who is none: a list.
  const isList = rows.some((row) => row[person] !== rows[0]?.[person]);
  const readings = new Map<string, Reading>();
  for (const row of rows) {
    const personId = row[person];
    const names = [personId, id === null ? null : row[id]].filter((name) => typeof name === "string");
    if (!personId || (isList && !names.some((name) => isNamed(asker.pgSettings, name)))) continue;
    const organizationId = clinic === null ? null : (row[clinic] ?? null);
    readings.set(`${personId} ${organizationId}`, { personId, organizationId });
  }
  const persons = new Set([...readings.values()].map(({ personId }) => personId));
  if (readings.size === 0 || persons.size > MOST_NAMED) return;
  await recordReadings(asker, [...readings.values()], "record", whose.name);
}
