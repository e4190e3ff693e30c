import { median, type Row } from "../row.ts";

const wholeEntries = 100_000;

/**
 * FND-09. A chain in which every entry was sealed by itself, the most there is to verify: bytes, hash and digest of
 * each entry, bytes and hash of each seal, and both held to their neighbours. The floor only hashes what is stored.
 */
export default {
  claim: `verify a chain of ${wholeEntries / 1000},000 audit entries`,
  unit: "/s",
  goal: { ratioAtLeast: 0.15 },
  async measure({ admin, fixture, short }) {
    const [entries, rounds] = short ? [1_000, 1] : [wholeEntries, 5];
    // In portions: sealing a hundred thousand times in one transaction would climb over its own heads.
    for (let n = 0; n < entries; n += 500) {
      await admin.query(
        `do $$ begin
           set constraints all immediate;
           for n in 1 .. 500 loop
             perform audit.append('${fixture.organizationId}', 'update', 'app_public.services', '${fixture.organizationId}', null,
               '{price_amount,name}', '{"name": "Kinetoterapie", "price_amount": 15000}', '{"name": "Masaj", "price_amount": 18000}');
           end loop;
         end $$`,
      );
    }
    await admin.query("vacuum (analyze) audit.entries, audit.seals");

    const verified: number[] = [];
    const hashed: number[] = [];
    let whole = true;
    for (let n = 0; n < rounds; n++) {
      const began = performance.now();
      const { rows } = await admin.query("select * from audit.verify($1)", [fixture.organizationId]);
      const between = performance.now();
      await admin.query(
        `select count(*) from audit.entries where organization_id = $1 and sha256(bytes) <> hash`,
        [fixture.organizationId],
      );
      verified.push(Number(rows[0].entries) / ((between - began) / 1000));
      hashed.push(Number(rows[0].entries) / ((performance.now() - between) / 1000));
      whole &&= rows[0].finding === null && Number(rows[0].entries) >= entries;
    }
    return {
      measured: median(verified),
      against: { what: "SHA-256 of the bytes alone", value: median(hashed) },
      conditions: { "it is whole": whole },
    };
  },
} satisfies Row;
