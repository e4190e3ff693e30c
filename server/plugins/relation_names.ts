import "postgraphile";
import type { PgCodec } from "postgraphile/@dataplan/pg";
import { TENANT } from "./row_keys.ts";

type Relation = {
  localAttributes: readonly string[];
  remoteAttributes: readonly string[];
  remoteResource: { codec: PgCodec };
  isReferencee?: boolean;
  extensions?: { tags?: Record<string, unknown> };
};
type Registry = { pgRelations: Record<string, Record<string, Relation>> };
type RelationDetails = { registry: unknown; codec: { name: string }; relationName: string };

/**
 * A relation is named by its column without what makes it a key: `specialist_id` brings `specialist`, and `created_by`
 * brings `createdBy` (FND-29). Composite tenant keys are how the
 * database keeps clinics apart (FND-06), not what a field is named after. The way back is named by the rows it brings.
 *
 * What nobody asks for is left out: everything that somebody ever did, from the row of who did it; and the row behind a
 * word, such as a time zone's, where the word is all that there is.
 */
export const RelationNamesPlugin: GraphileConfig.Plugin = {
  name: "RelationNamesPlugin",
  version: "1.0.0",
  // Outermost: what is not decided here is named by simplify-inflection, from columns without the tenant's.
  after: ["PgSimplifyInflectionPlugin", "RowKeysPlugin"],

  inflection: {
    replace: {
      singleRelation(previous, _preset, details) {
        const relation = relationOf(details);
        if (!relation || relation.extensions?.tags?.fieldName) return String(previous?.(details));
        if (isOnlyShared(details, relation))
          return this.camelCase(this._singularizedCodecName(relation.remoteResource.codec as never));
        const columns = placesWithoutTenant(relation).map(
          (place) => relation.localAttributes[place] as string,
        );
        const [named, ...others] = columns.flatMap((column) => baseOf(column) ?? []);
        if (named && others.length === 0) return this.camelCase(named);
        if (columns.length > 0)
          return this.camelCase(this._singularizedCodecName(relation.remoteResource.codec as never));
        return String(previous?.(details));
      },
      singleRelationBackwards(previous, _preset, details) {
        const relation = relationOf(details);
        return relation && !relation.extensions?.tags?.foreignFieldName && isOnly(details, relation)
          ? this.camelCase(this._singularizedCodecName(relation.remoteResource.codec as never))
          : String(previous?.(withoutTenant(details)));
      },
      _manyRelation(previous, _preset, details) {
        const relation = relationOf(details);
        return relation && !relation.extensions?.tags?.foreignFieldName && isOnly(details, relation)
          ? this.camelCase(
              this.distinctPluralize(this._singularizedCodecName(relation.remoteResource.codec as never)),
            )
          : String(previous?.(withoutTenant(details)));
      },
    },
  },

  schema: {
    entityBehavior: {
      pgCodecRelation: {
        override: {
          provides: ["relationsAskedFor"],
          callback(behavior, relation) {
            const { isReferencee, localAttributes, remoteAttributes, remoteResource, localCodec } =
              relation as unknown as Relation & { localCodec: PgCodec };
            const columns = isReferencee ? remoteAttributes : localAttributes;
            if (isReferencee && columns.some((column) => column.endsWith("_by"))) return [behavior, "-*"];
            const [word, ...others] = isReferencee ? localAttributes : remoteAttributes;
            const row = isReferencee ? localCodec : remoteResource.codec;
            const isNothingMore =
              others.length === 0 && Object.keys(row.attributes ?? {}).every((name) => name === word);
            const isTaken = !isReferencee && columns.includes(remoteResource.codec.name.replace(/s$/, ""));
            return isNothingMore || isTaken ? [behavior, "-*"] : behavior;
          },
        },
      },
    },
  },
};

function relationOf(details: RelationDetails): Relation | undefined {
  return (details.registry as Registry).pgRelations[details.codec.name]?.[details.relationName];
}

/** The places of a relation's columns that are not the tenant's on both sides. */
function placesWithoutTenant({ localAttributes, remoteAttributes }: Relation): number[] {
  const places = remoteAttributes.map((_, place) => place);
  const rest = places.filter(
    (place) => localAttributes[place] !== TENANT || remoteAttributes[place] !== TENANT,
  );
  // A relation to the clinic itself has nothing but the tenant column and keeps it.
  return rest.length > 0 ? rest : places;
}

/** `specialist_id` is about a specialist, `created_by` about who created; a word, such as `topic`, about itself. */
function baseOf(column: string): string | null {
  return /^(.+)_(?:id|key)$/.exec(column)?.[1] ?? (column.endsWith("_by") ? column : null);
}

/**
 * Some tenant keys reach a row by what it stands for: appointments reach patients by (organization_id,
 * patient_profile_id). Named after the column such a field would promise a profile and bring a patient; where it is the
 * one relation between the two tables it is named after the table.
 */
function isOnlyShared(details: RelationDetails, relation: Relation): boolean {
  const places = placesWithoutTenant(relation);
  const [place = 0] = places;
  const isShared =
    places.length === 1 &&
    places.length < relation.remoteAttributes.length &&
    relation.localAttributes[place] === relation.remoteAttributes[place];
  return isShared && isOnly(details, relation);
}

/** Whether it is the one relation between the two tables, in its direction. */
function isOnly(details: RelationDetails, relation: Relation): boolean {
  const all = Object.values((details.registry as Registry).pgRelations[details.codec.name] ?? {});
  return (
    all.filter(
      (other) =>
        other.remoteResource.codec.name === relation.remoteResource.codec.name &&
        Boolean(other.isReferencee) === Boolean(relation.isReferencee),
    ).length === 1
  );
}

function withoutTenant<D extends RelationDetails>(details: D): D {
  const relation = relationOf(details);
  if (!relation) return details;
  const places = placesWithoutTenant(relation);
  const bare = {
    ...relation,
    localAttributes: places.map((place) => relation.localAttributes[place]),
    remoteAttributes: places.map((place) => relation.remoteAttributes[place]),
  };
  const { pgRelations, ...registry } = details.registry as Registry;
  const relations = { ...pgRelations[details.codec.name], [details.relationName]: bare };
  return {
    ...details,
    registry: { ...registry, pgRelations: { ...pgRelations, [details.codec.name]: relations } },
  };
}
