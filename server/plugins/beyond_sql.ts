import "postgraphile/adaptors/pg";
import {
  access,
  constant,
  context,
  type FieldPlanResolver,
  lambda,
  object,
  type Step,
  sideEffect,
} from "grafast";
import { loadOneWithPgClient, type PgClient, type PgExecutor } from "postgraphile/@dataplan/pg";
import type { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import type { Settings } from "../identity/session.ts";

declare global {
  namespace Grafast {
    /** What the process does for the schema beyond SQL. A plugin adds its own here, server.ts makes it. */
    interface Services {}
    interface Context {
      services: Services;
    }
  }
}

/**
 * A mutation that leaves SQL: it seals, asks a vendor, looks at bytes. What it writes, it writes by SQL functions as
 * the caller (`asCaller`) or, what only the process may say, in the caller's name (`asServer`), each in a transaction of
 * its own, and none is open while somebody outside is waited for (docs/decisions/0063).
 */
export type MutationBeyondSql<Input extends z.ZodType, Field extends string> = {
  /** The input as the schema declares it. */
  input: Input;
  /**
   * Does the work. Throws a Refusal for what the caller may know; anything else is masked. The settings carry the
   * request's idempotency key: where a second time would be a second effect, the SQL function that is asked first looks
   * with app_private.recalled(), and the one that writes begins with app_private.remembered() and ends with
   * app_private.remember(), as verbs of SQL do (FND-26).
   */
  run(
    services: Grafast.Services,
    settings: Settings,
    input: z.output<Input>,
  ): Promise<Outcome<NoInfer<Field>>>;
  /** Fields of the payload that are read from the outcome by their name. */
  fields?: readonly Field[];
  /**
   * The payload's row: its field's name, and where it is, by the outcome's id, which is of the column `id` or of `key`:
   * read after the work, with the caller's rights.
   */
  row: { name: string; resource: Resource; key?: string };
};

type Outcome<Field extends string> = { id: string } & Record<Field, unknown>;
type Resource = NonNullable<GraphileBuild.Build["pgResources"][string]>;

/** The plan of such a mutation. Its payload has the row, the named fields and `query`. */
export function mutationBeyondSql<Input extends z.ZodType, Field extends string = never>({
  input,
  run,
  fields = [],
  row,
}: MutationBeyondSql<Input, Field>): FieldPlanResolver {
  return (_$root, args) => {
    const $input = args.getRaw("input") as Step<unknown>;
    const $outcome = sideEffect(
      [context().get("services"), settingsOfCaller(), $input],
      ([services, settings, given]) => run(services, known(settings), read(input, given)),
    );
    return object({
      ...Object.fromEntries(fields.map((name) => [name, access($outcome, name)])),
      [row.name]: row.resource.get({ [row.key ?? "id"]: access($outcome, "id") }),
      query: constant(true),
    });
  };
}

/** A field of Query that reads by SQL, as the caller and in one transaction, and goes on from there. */
export type QueryBeyondSql<Args extends z.ZodObject, Answer> = {
  executor: PgExecutor;
  /** The arguments as the schema declares them. */
  args: Args;
  run(client: PgClient, args: z.output<Args>): Promise<Answer>;
};

export function queryBeyondSql<Args extends z.ZodObject, Answer>({
  executor,
  args: shape,
  run,
}: QueryBeyondSql<Args, Answer>): FieldPlanResolver {
  return (_$root, args) =>
    loadOneWithPgClient(
      executor,
      argumentsOf(shape, (name) => args.getRaw(name)),
      (client, asked) => asked.map((given) => run(client, read(shape, given))),
    );
}

/** A field of Query that the process answers: what it asks of the database it asks itself, before it waits for somebody outside. */
export type AnswerBeyondSql<Args extends z.ZodObject, Answer> = {
  /** The arguments as the schema declares them. */
  args: Args;
  run(services: Grafast.Services, settings: Settings, args: z.output<Args>): Promise<Answer>;
};

export function answerBeyondSql<Args extends z.ZodObject, Answer>({
  args: shape,
  run,
}: AnswerBeyondSql<Args, Answer>): FieldPlanResolver {
  return (_$root, args) =>
    lambda(
      [context().get("services"), settingsOfCaller(), argumentsOf(shape, (name) => args.getRaw(name))],
      ([services, settings, given]) => run(services, known(settings), read(shape, given)),
    );
}

/** A field of a row that the process answers, such as a URL that it signs: from columns of the row, and no other way. */
export type FieldBeyondSql<Row extends z.ZodObject, Answer> = {
  /** What is read of the row; organizationId is the column organization_id. */
  row: Row;
  run(services: Grafast.Services, settings: Settings, row: z.output<Row>): Promise<Answer>;
  /** What has to be done before. */
  after?($row: RowStep): Step;
};

/** A step over one row of a table. */
export type RowStep = Step & { get(column: string): Step };

export function fieldBeyondSql<Row extends z.ZodObject, Answer>({
  row: shape,
  run,
  after = () => constant(true),
}: FieldBeyondSql<Row, Answer>): FieldPlanResolver<RowStep> {
  return ($row) =>
    lambda(
      [
        context().get("services"),
        settingsOfCaller(),
        argumentsOf(shape, (name) => $row.get(columnOf(name))),
        after($row),
      ],
      ([services, settings, row]) => run(services, known(settings), read(shape, row)),
    );
}

function settingsOfCaller(): Step<Settings | null> {
  return context().get("pgSettings");
}

function argumentsOf(shape: z.ZodObject, stepOf: (name: string) => Step): Step<Record<string, unknown>> {
  return object(Object.fromEntries(Object.keys(shape.shape).map((name) => [name, stepOf(name)])));
}

/** Without them SQL would be asked with the rights of the login role. */
function known(settings: Settings | null): Settings {
  if (!settings) throw new Error("a request reached the schema without the settings of its caller");
  return settings;
}

const columnOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the schema let through and does not fit, such as a number for a JSON object: names the field, not the value. */
function read<Shape extends z.ZodType>(shape: Shape, given: unknown): z.output<Shape> {
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || "input";
  throw new Refusal("VALIDATION", "field_invalid", { field, rule: issue?.message ?? "invalid" });
}
