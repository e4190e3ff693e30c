import type { LockArea } from "../lock_case.ts";

const anasRow = "app_public.patients where id = tests.id('ana at atlas')";
const enrolment = "tests.id('ana''s plan of atlas')";
const enrolmentRow = `app_public.patient_treatment_plans where id = ${enrolment}`;
const inClinic = "tests.id('ana''s plan of atlas 3')";
const complete = `select app_public.complete_clinic_session(${inClinic}, 'Was here')`;
const end = `select app_public.set_treatment_status(${enrolment}, 'cancelled', 'Had surgery')`;
const versionRow = "app_public.treatment_plan_versions where id = tests.id('lock plan')";
const planRow = "app_public.treatment_plans where id = tests.id('lock plan itself')";
const assign =
  "select app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id('lock plan'), current_date + 2)";
const retire = "select app_public.retire_treatment_plan(tests.id('lock plan'), 'No more of it')";

/** Treatment plans: the patient, then the plan, then its session, in this order everywhere. TPL-02, EXE-01..04. */
export const treatment: LockArea = {
  furniture: `
    select set_config('tests.clinic', 'atlas', true);
    select tests.treatment_plan('lock plan', 1, 0);
    update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas')`,
  cases: [
    {
      lock: "app_public.draft_treatment_plan: app_private.require_patient",
      as: "adrian",
      rows: anasRow,
      call: `select app_public.draft_treatment_plan('For Ana',
        '[{"title": {"ro": "Prima"}, "place": "clinic", "afterDays": 0, "exercises": []}]', tests.id('atlas'), tests.id('ana at atlas'))`,
    },
    {
      lock: "app_public.assign_treatment_plan: app_private.require_patient",
      as: "adrian",
      rows: anasRow,
      call: assign,
    },
    {
      lock: "app_private.version_to_assign: for share of versions",
      as: "adrian",
      rows: versionRow,
      call: assign,
    },
    { lock: "app_private.version_to_move: for update", as: "adrian", rows: versionRow, call: retire },
    { lock: "app_private.plan_to_write: for no key update", as: "adrian", rows: planRow, call: retire },
    {
      lock: "app_private.locked_enrolment: app_private.require_patient",
      as: "adrian",
      rows: anasRow,
      call: end,
    },
    { lock: "app_private.lock_enrolment: for no key update", as: "adrian", rows: enrolmentRow, call: end },
    {
      lock: "app_private.locked_session: app_private.require_patient",
      as: "adrian",
      rows: anasRow,
      call: complete,
    },
    {
      lock: "app_private.lock_session: app_private.lock_enrolment",
      as: "adrian",
      rows: enrolmentRow,
      call: complete,
    },
    {
      lock: "app_private.lock_session: for no key update",
      as: "adrian",
      rows: `app_public.patient_sessions where id = ${inClinic}`,
      call: complete,
    },
    {
      lock: "app_private.add_extra_session: app_private.require_patient",
      as: "the engine",
      rows: anasRow,
      call: `select app_private.add_extra_session(${enrolment}, 1)
        from set_config('app.principal_id', (select principal_id from tests.personas where name = 'ana')::text, true)`,
    },
    {
      lock: "app_private.tend_treatment_plans: for no key update of enrolments skip locked",
      as: "the worker",
      before: "select tests.freeze_time(app_hidden.now() + interval '2 days')",
      rows: enrolmentRow,
      leaves:
        "app_public.patient_treatment_plans as t where t.status = 'active' and t.tended_on < app_private.today_at(t.organization_id)",
      call: "select app_private.tend_treatment_plans()",
    },
  ],
};
