import "postgraphile";
import { context, lambda } from "grafast";
import { OperationTypeNode } from "grafast/graphql";
import type { PgCodec, PgSelectStep } from "postgraphile/@dataplan/pg";
import { type SQL, sql } from "postgraphile/pg-sql2";
import { type Reach, type Settings, sessionOf } from "../identity/session.ts";
import { OWNER, TENANT } from "./row_keys.ts";

/** What the log has in its key instead, and its view shows to statements only: a clinic, or the platform. */
const SCOPE = "scope_id";
const PERSON = "patient_profile_id";

type QueryBuilder = { alias: SQL; where(condition: SQL): void };
type Caller = { pgSettings?: Settings; reach?: Reach };
type ResourceOptions = { codec: PgCodec; selectAuth?: (step: PgSelectStep) => void };

/**
 * A page costs the same in a large clinic as in a small one (FND-29). Policies join what staff see and what patients see
 * by OR, and an OR leaves no index whose order a page could follow. So every list of a table with the tenant column says
 * in its statement what the policies come to anyway: the clinic that the request names, to which every answer about the
 * caller is narrowed (FND-04), or the only one to which the caller belongs; and the caller's people, where they work
 * nowhere. Conditions take rows away and show none, so nobody sees more by them; that nobody sees less is tried for
 * every table (server/tests/named_clinic.test.ts): but for superadmins, who see every clinic's bills, and those of one where
 * they name it.
 */
export const NamedClinicPlugin: GraphileConfig.Plugin = {
  name: "NamedClinicPlugin",
  version: "1.0.0",

  gather: {
    hooks: {
      pgTables_PgResourceOptions(_info, { pgClass, resourceOptions }) {
        const options = resourceOptions as unknown as ResourceOptions;
        const attributes = options.codec.attributes ?? {};
        // Rows without a clinic are the platform's, and seen by every clinic.
        const tenant = attributes[TENANT]?.notNull
          ? TENANT
          : pgClass.relkind === "v" && attributes[SCOPE]
            ? SCOPE
            : null;
        if (!tenant) return;
        const narrow = narrowing(tenant, attributes[PERSON]?.notNull === true, OWNER in attributes);
        options.selectAuth = (step) => {
          // A row that is asked for by its key is one; what a function answers is for the function to narrow.
          if (step.resource.parameters || step.mode === "mutation" || step.unique()) return;
          step.withLayerPlan(() => step.apply(lambda(context(), narrow)));
        };
      },
    },
  },

  grafast: {
    middleware: {
      execute(next, { args }) {
        const { node } = (args.requestContext ?? {}) as Partial<Grafast.RequestContext>;
        const session = node && sessionOf(node.req);
        // Whoever is taken on by a mutation sees as staff from then on, and what was so as they came in is so no more.
        if (session && args.document.definitions.every(isNoMutation))
          (args.contextValue as Caller).reach = session.reach;
        return next();
      },
    },
  },
};

function isNoMutation(definition: { kind: string; operation?: OperationTypeNode }): boolean {
  return definition.operation !== OperationTypeNode.MUTATION;
}

function narrowing(
  tenant: string,
  hasPerson: boolean,
  hasOwner: boolean,
): (caller: object) => (query: QueryBuilder) => void {
  return ({ pgSettings, reach }: Caller) =>
    (query) => {
      const clinic = pgSettings?.["app.organization_id"] ?? (hasOwner ? null : reach?.onlyClinic);
      const column = (name: string) => sql`${query.alias}.${sql.identifier(name)}`;
      if (clinic) query.where(sql`${column(tenant)} = ${sql.value(clinic)}::uuid`);
      if (hasPerson && reach?.isStaff === false)
        query.where(sql`${column(PERSON)} = any ((select app_hidden.rights('people'))::uuid[])`);
    };
}
