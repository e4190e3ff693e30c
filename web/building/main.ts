import { buildPages } from "./build.ts";

/** `npm run web:build`: makes the pages that the API serves, where their sources changed. */
console.log((await buildPages()) ? "The pages are made." : "The pages are made of these sources already.");
