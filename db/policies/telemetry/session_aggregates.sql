-- What telemetry said of recordings: the functions of telemetry write it, the worker takes it. Nobody else reads it. TEL-05.

select app_private.classify('app_private.session_aggregates', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "exercise_session_id", "algorithm_version", "told_at", "written_at"],
    "phi": ["result"]}',
  unaudited => 'On its way from telemetry to the metrics; its result goes as they are written.');
select app_private.protect('app_private.session_aggregates', engine => 'select, insert, update');
