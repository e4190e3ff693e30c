-- From where to where a document of an appointment moves. Staff are the specialist of the document, and whoever has
-- documents.manage: the verbs ask. Nothing follows replaced and cancelled. DOC-04.
-- An empty from_state is creation. docs/state-machines/appointment_documents.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "appointment_documents"}', rows => '
  from_state | to_state  | actor | permission       | event             | quiet_because
  -----------+-----------+-------+------------------+-------------------+------------------------------------------------------------
             | draft     | staff | documents.manage |                   |
  draft      | issued    | staff | documents.manage | document.issued   | The patient hears of it when it can be opened: document.rendered.
  draft      | cancelled | staff | documents.manage |                   |
  issued     | replaced  | staff | documents.manage | document.replaced | The patient hears of the one that takes its place.
  issued     | cancelled | staff | documents.manage |                   |
');
