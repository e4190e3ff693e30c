-- What processes keep in the object store, besides people's files. FND-12.

select app_private.own_rows('app_private.object_surfaces', rows => '
  key              | prefix            | class       | retention      | description
  -----------------+-------------------+-------------+----------------+--------------------------------------------------------------
  audit_anchors    | audit/anchors/    | operational | ledger         | Heads of the audit''s chains: numbers and hashes, nothing of anybody.
  exercise_renders | exercise-renders/ | public      | reference      | Videos of exercises, where the deployment plays them itself.
  exercise_sources | exercises/        | public      | reference      | What videos of exercises are made of: a folder for each exercise.
  session_replays  | telemetry/        | phi         | medical_record | Movement of sessions at home, in the folder of each clinic, to be played again.
');
