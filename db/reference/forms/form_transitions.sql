-- Who may move a form from where to where, and what is published. Nothing follows signed: a correction is a new form that
-- amends it. FRM-04.
-- An empty from_state is creation. docs/state-machines/forms.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "forms"}', rows => '
  from_state  | to_state    | actor   | permission | event          | quiet_because
  ------------+-------------+---------+------------+----------------+-------------------------------------------------------------
              | pending     | staff   | forms.fill | form.created   | It stands with the patient''s other forms, and a signature link says so itself.
              | pending     | system  |            | form.created   | It comes with an appointment, whose message is enough.
  pending     | in_progress | patient |            |                |
  pending     | in_progress | staff   | forms.fill |                |
  pending     | in_progress | system  |            |                |
  pending     | completed   | patient |            | form.completed | Whoever completed it was there.
  pending     | completed   | staff   | forms.fill | form.completed | Whoever completed it was there.
  pending     | completed   | system  |            | form.completed | Whoever completed it was there.
  pending     | cancelled   | staff   | forms.fill | form.cancelled | The clinic took back what nobody had answered.
  in_progress | completed   | patient |            | form.completed | Whoever completed it was there.
  in_progress | completed   | staff   | forms.fill | form.completed | Whoever completed it was there.
  in_progress | completed   | system  |            | form.completed | Whoever completed it was there.
  completed   | in_progress | patient |            | form.reopened  | Whoever opens it again goes on with it.
  completed   | in_progress | staff   | forms.fill | form.reopened  | Whoever opens it again goes on with it.
  completed   | signed      | patient |            | form.signed    | Whoever signed was there.
  completed   | signed      | staff   | forms.fill | form.signed    | Whoever signed was there.
  completed   | signed      | system  |            | form.signed    | Whoever signed was there.
');
