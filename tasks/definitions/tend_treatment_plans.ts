import { timed } from "../timed.ts";

/** What a new day at their clinic does to patients' treatment plans. EXE-03. */
export default timed({ at: "*/5 * * * *" }, "select app_private.tend_treatment_plans()");
