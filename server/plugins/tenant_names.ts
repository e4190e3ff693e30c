import "postgraphile";

const TENANT = "organization_id";

type Relation = {
  localAttributes: readonly string[];
  remoteAttributes: readonly string[];
  remoteResource: { codec: { name: string } };
  isReferencee?: boolean;
};
type RelationDetails = { registry: unknown; codec: { name: string }; relationName: string };
type Unique = { isPrimary: boolean; attributes: readonly string[] };

/**
 * Composite tenant keys are how the database keeps clinics apart (FND-06), not what a field is named
 * after: `organizationPatient` and `appointmentsByOrganizationIdAndSpecialistId` read `patient` and
 * `appointments` again. A row is looked up by its id or a natural key, and changed by its id only.
 */
export const TenantNamesPlugin: GraphileConfig.Plugin = {
  name: "TenantNamesPlugin",
  version: "1.0.0",
  // Outermost: simplify-inflection must already see the relation without the tenant column.
  after: ["PgSimplifyInflectionPlugin"],

  inflection: {
    replace: {
      singleRelation(previous, _options, details) {
        const only = onlyOfItsKind(details);
        return only
          ? this.camelCase(this._singularizedCodecName(only))
          : String(previous?.(withoutTenant(details)));
      },
      singleRelationBackwards(previous, _options, details) {
        const only = onlyOfItsKind(details);
        return only
          ? this.camelCase(this._singularizedCodecName(only))
          : String(previous?.(withoutTenant(details)));
      },
      _manyRelation(previous, _options, details) {
        const only = onlyOfItsKind(details);
        return only
          ? this.camelCase(this.distinctPluralize(this._singularizedCodecName(only)))
          : String(previous?.(withoutTenant(details)));
      },
      rowByUnique: (previous, _options, details) =>
        String(
          previous?.({ ...details, unique: uniqueWithoutTenant(details.unique) as typeof details.unique }),
        ),
    },
  },

  schema: {
    entityBehavior: {
      pgResourceUnique: {
        override: {
          provides: ["tenantKey"],
          callback(behavior, [resource, unique]) {
            if (unique.isPrimary) return behavior;
            const primary = (resource.uniques as Unique[]).find((other) => other.isPrimary);
            // (organization_id, id) exists for foreign keys; as a way to a row it says nothing that id does not.
            const holdsPrimary = primary?.attributes.every((column) =>
              (unique as Unique).attributes.includes(column),
            );
            return holdsPrimary ? [behavior, "-*"] : [behavior, "-update", "-delete"];
          },
        },
      },
    },
  },
};

function relationOf(details: RelationDetails): Relation | undefined {
  const registry = details.registry as { pgRelations: Record<string, Record<string, Relation>> };
  return registry.pgRelations[details.codec.name]?.[details.relationName];
}

/** The places of a relation's columns that are not the tenant's on both sides. */
function placesWithoutTenant({ localAttributes, remoteAttributes }: Relation): number[] {
  return remoteAttributes
    .map((_, place) => place)
    .filter((place) => localAttributes[place] !== TENANT || remoteAttributes[place] !== TENANT);
}

function withoutTenant<D extends RelationDetails>(details: D): D {
  const relation = relationOf(details);
  if (!relation) return details;
  const places = placesWithoutTenant(relation);
  // A relation to the organization itself has nothing but the tenant column and keeps it.
  if (places.length === 0 || places.length === relation.remoteAttributes.length) return details;

  const registry = details.registry as { pgRelations: Record<string, Record<string, Relation>> };
  const bare = {
    ...relation,
    localAttributes: places.map((place) => relation.localAttributes[place]),
    remoteAttributes: places.map((place) => relation.remoteAttributes[place]),
  };
  const relations = { ...registry.pgRelations[details.codec.name], [details.relationName]: bare };
  return {
    ...details,
    registry: { ...registry, pgRelations: { ...registry.pgRelations, [details.codec.name]: relations } },
  };
}

/**
 * Some tenant keys reach a row by what it stands for: appointments reach patients by
 * (organization_id, patient_profile_id). Named after the column such a field would promise a profile
 * and bring a patient; where it is the one relation between the two tables it is named after the table.
 */
function onlyOfItsKind(details: RelationDetails): never | null {
  const relation = relationOf(details);
  if (!relation) return null;
  const places = placesWithoutTenant(relation);
  const [place = 0] = places;
  const isShared =
    places.length === 1 &&
    places.length < relation.remoteAttributes.length &&
    relation.localAttributes[place] === relation.remoteAttributes[place];
  if (!isShared) return null;

  const registry = details.registry as { pgRelations: Record<string, Record<string, Relation>> };
  const alike = Object.values(registry.pgRelations[details.codec.name] ?? {}).filter(
    (other) =>
      other.remoteResource.codec.name === relation.remoteResource.codec.name &&
      Boolean(other.isReferencee) === Boolean(relation.isReferencee),
  );
  return alike.length === 1 ? (relation.remoteResource.codec as never) : null;
}

/** `roleByOrganizationIdAndKey(organizationId, key)` reads `roleByKey(organizationId, key)`. */
function uniqueWithoutTenant(unique: { attributes: readonly PropertyKey[]; isPrimary?: boolean }): object {
  const attributes = unique.attributes.filter((column) => column !== TENANT);
  return unique.isPrimary || attributes.length === 0 ? unique : { ...unique, attributes };
}
