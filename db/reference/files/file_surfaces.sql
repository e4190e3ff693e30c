-- Where files may be attached: to what, by whom, how many, how large, what they hold and for how long; and which types
-- each takes. FND-13.

select app_private.own_rows('app_private.file_surfaces', rows => '
key: appointment_documents
description: Reports and recommendations of appointments, as they were rendered.
owner_kind: appointment_document
audience: owner_readers
uploaded_by_owner: false
manage_permission: documents.manage
prefix: documents
max_bytes: 26214400
max_files: 1
class: phi
retention: medical_record
written_anew: false
uploaded: false
==========
key: appointment_files
description: Findings, letters and pictures of an appointment that its patient sees.
owner_kind: appointment
audience: owner_readers
uploaded_by_owner: true
manage_permission: appointments.conduct
prefix: appointments
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
written_anew: false
uploaded: true
==========
key: appointment_notes
description: Papers of an appointment that stay within the clinic: the patient does not see them.
owner_kind: appointment
audience: staff
uploaded_by_owner: false
manage_permission: appointments.conduct
prefix: internal
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
written_anew: false
uploaded: true
==========
key: document_images
description: Pictures of templates of documents: a logo, a stamp, a drawing.
owner_kind: organization
audience: staff
uploaded_by_owner: false
manage_permission: document_templates.manage
prefix: document-images
max_bytes: 2097152
max_files: 200
class: public
retention: clinic
written_anew: true
uploaded: true
==========
key: form_documents
description: Signed forms with their proof, as they were rendered.
owner_kind: form
audience: owner_readers
uploaded_by_owner: false
manage_permission: documents.manage
prefix: form-documents
max_bytes: 26214400
max_files: 1
class: phi
retention: medical_record
written_anew: false
uploaded: false
==========
key: forms
description: What a form''s fields for files are answered with.
owner_kind: form
audience: owner_readers
uploaded_by_owner: true
manage_permission: forms.fill
prefix: forms
max_bytes: 26214400
max_files: 50
class: phi
retention: medical_record
written_anew: false
uploaded: true
==========
key: organization_logo
description: The clinic''s logo.
owner_kind: organization
audience: owner_readers
uploaded_by_owner: false
manage_permission: organization.manage
prefix: logo
max_bytes: 1048576
max_files: 1
class: public
retention: clinic
written_anew: false
uploaded: true
==========
key: service_attachments
description: What helps to choose or prepare: leaflets, pictures.
owner_kind: service
audience: owner_readers
uploaded_by_owner: false
manage_permission: services.manage
prefix: services
max_bytes: 10485760
max_files: 20
class: public
retention: clinic
written_anew: false
uploaded: true
==========
key: specialist_signatures
description: The signature that goes onto documents.
owner_kind: specialist
audience: staff
uploaded_by_owner: true
manage_permission: specialists.manage
prefix: signatures
max_bytes: 524288
max_files: 100
class: pii_basic
retention: clinic
written_anew: true
uploaded: true
');

select app_private.own_rows('app_private.file_surface_types', rows => '
  surface               | content_type
  ----------------------+----------------
  appointment_documents | application/pdf
  appointment_files     | application/pdf
  appointment_files     | image/jpeg
  appointment_files     | image/png
  appointment_files     | image/webp
  appointment_notes     | application/pdf
  appointment_notes     | image/jpeg
  appointment_notes     | image/png
  appointment_notes     | image/webp
  document_images       | image/jpeg
  document_images       | image/png
  form_documents        | application/pdf
  forms                 | application/pdf
  forms                 | image/jpeg
  forms                 | image/png
  forms                 | image/webp
  organization_logo     | image/jpeg
  organization_logo     | image/png
  organization_logo     | image/webp
  service_attachments   | application/pdf
  service_attachments   | image/jpeg
  service_attachments   | image/png
  service_attachments   | image/webp
  specialist_signatures | image/png
');
