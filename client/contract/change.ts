/**
 * What became of a part of the contract. `breaking`: a frontend that was written against the released one stops
 * working or no longer type-checks; `risky`: one that was careless may; `harmless`: none notices.
 */
export type Change = { level: "breaking" | "risky" | "harmless"; where: string; what: string };
