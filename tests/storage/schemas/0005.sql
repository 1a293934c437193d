BEGIN TRANSACTION;
CREATE TABLE actor (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR NOT NULL, 
	label_id INTEGER, 
	notes VARCHAR NOT NULL, 
	CONSTRAINT ck_actor_name_given CHECK (name <> ''), 
	CONSTRAINT fk_actor_label_id_label FOREIGN KEY(label_id) REFERENCES label (id)
);
INSERT INTO "actor" VALUES(1,'Velmar',NULL,'');
CREATE TABLE actor_alias (
	actor_id INTEGER NOT NULL, 
	alias VARCHAR NOT NULL, 
	folded VARCHAR NOT NULL, 
	CONSTRAINT pk_actor_alias PRIMARY KEY (actor_id, alias), 
	CONSTRAINT fk_actor_alias_actor_id_actor FOREIGN KEY(actor_id) REFERENCES actor (id) ON DELETE CASCADE
);
INSERT INTO "actor_alias" VALUES(1,'Republic of Velmar','republic of velmar');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE analyst (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR NOT NULL, 
	created_at VARCHAR NOT NULL, 
	CONSTRAINT ck_analyst_name_given CHECK (name <> ''), 
	CONSTRAINT uq_analyst_name UNIQUE (name)
);
INSERT INTO "analyst" VALUES(1,'Ada','2026-11-22T01:14:51.355Z');
CREATE TABLE blocked_words (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	label_id INTEGER NOT NULL, 
	words VARCHAR NOT NULL, 
	folded VARCHAR NOT NULL, 
	analyst_id INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	CONSTRAINT ck_blocked_words_folded_given CHECK (folded <> ''), 
	CONSTRAINT fk_blocked_words_analyst_id_analyst FOREIGN KEY(analyst_id) REFERENCES analyst (id), 
	CONSTRAINT fk_blocked_words_label_id_label FOREIGN KEY(label_id) REFERENCES label (id), 
	CONSTRAINT uq_blocked_words_label_id_folded UNIQUE (label_id, folded)
);
CREATE TABLE change (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	set_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	entity VARCHAR NOT NULL, 
	row_id INTEGER, 
	"before" JSON, 
	"after" JSON, 
	CONSTRAINT fk_change_set_id_change_set FOREIGN KEY(set_id) REFERENCES change_set (id) ON DELETE CASCADE
);
INSERT INTO "change" VALUES(1,1,0,'label',1,NULL,'{"name":"State","code":"state","colour":"blue","key":"1","definition":"A state, its government, or a name that stands for it (a capital, a palace, “the West”), where it acts or holds a view; not a mere place.","examples":"Velmar · Port Selin announced · both capitals","position":0,"kind":"actor","id":1}');
INSERT INTO "change" VALUES(2,1,1,'label',2,NULL,'{"name":"Person","code":"person","colour":"teal","key":"2","definition":"One person, by name or by description; titles and offices stay outside a name.","examples":"Ilya Brandt · the deputy minister","position":1,"kind":"actor","id":2}');
INSERT INTO "change" VALUES(3,1,2,'label',3,NULL,'{"name":"Organisation","code":"organisation","colour":"violet","key":"3","definition":"A named organisation: alliance, party, ministry, agency, company, medium, armed group.","examples":"the League · Meridian news agency","position":2,"kind":"actor","id":3}');
INSERT INTO "change" VALUES(4,1,3,'label',4,NULL,'{"name":"Group","code":"group","colour":"orange","key":"4","definition":"Several people or unnamed organisations that act or hold a view together.","examples":"Velmari officials · the protesters · small island governments","position":3,"kind":"actor","id":4}');
INSERT INTO "change" VALUES(5,1,4,'label',5,NULL,'{"name":"Claim","code":"claim","colour":"yellow","key":"5","definition":"What the text presents as said, written, believed, wanted, promised, demanded or predicted by someone other than its author; quotation marks included, “that” left out.","examples":"officials warned that [the drill would go ahead]","position":4,"kind":"claim","id":5}');
INSERT INTO "change" VALUES(6,1,5,'label',6,NULL,'{"name":"Cue","code":"cue","colour":"grey","key":"6","definition":"The words that signal whose claim it is: verb group, noun, or “according to”.","examples":"was quoted as saying · according to · fears of","position":5,"kind":"cue","id":6}');
INSERT INTO "change" VALUES(7,1,6,'link_type',1,NULL,'{"code":"speaker","name":"Speaker","definition":"Who makes the claim.","from_kind":"claim","to_kind":"actor","id":1}');
INSERT INTO "change" VALUES(8,1,7,'link_type',2,NULL,'{"code":"target","name":"Target","definition":"The actor that the claim is about or against.","from_kind":"claim","to_kind":"actor","id":2}');
INSERT INTO "change" VALUES(9,1,8,'link_type',3,NULL,'{"code":"cue","name":"Cue","definition":"The words that signal the claim.","from_kind":"claim","to_kind":"cue","id":3}');
INSERT INTO "change" VALUES(10,1,9,'link_type',4,NULL,'{"code":"contains","name":"Contains","definition":"A claim that is reported within this one.","from_kind":"claim","to_kind":"claim","id":4}');
INSERT INTO "change" VALUES(11,1,10,'link_type',5,NULL,'{"code":"answers","name":"Answers","definition":"A claim that this one replies to.","from_kind":"claim","to_kind":"claim","id":5}');
INSERT INTO "change" VALUES(12,1,11,'field',1,NULL,'{"name":"Kind","definition":"What the speaker does with the claim.","position":0,"kind":"claim","type":"choice","choices":["statement","accusation","demand","promise","prediction","belief"],"id":1}');
INSERT INTO "change" VALUES(13,1,12,'field',2,NULL,'{"name":"Stance","definition":"How the speaker stands to the target.","position":1,"kind":"claim","type":"choice","choices":["for","against","neutral"],"id":2}');
INSERT INTO "change" VALUES(14,1,13,'field',3,NULL,'{"name":"Certainty","definition":"How sure the speaker is, by the words used.","position":2,"kind":"claim","type":"choice","choices":["certain","probable","possible","doubtful"],"id":3}');
INSERT INTO "change" VALUES(15,1,14,'field',4,NULL,'{"name":"Date","definition":"When the claim was made, if the text says so; otherwise the date of the document counts.","position":3,"kind":"claim","type":"date","choices":[],"id":4}');
INSERT INTO "change" VALUES(16,2,0,'import_batch',1,NULL,'{"state":"staged","at":"2026-11-22T01:14:51.384Z","analyst_id":1,"id":1}');
INSERT INTO "change" VALUES(17,3,0,'document',NULL,NULL,'{"fixed":{"batch_id":1,"source":"","date":"2026-03-01","language":"","encoding":"","meta":{},"imported_at":"2026-11-22T01:14:51.396Z","removed_at":null},"columns":{"id":[1,2,3],"title":["Talks","Islands","Removed"],"length_cp":[85,61,14],"sha256":["97e634dc3e0a2bf57656d6e147822d5e891b259e1a261537f426f7b7ea6b52c3","35b1d86f51387b7e3cc52b1c617553ee62962b5449ef5c6fcba8cb60b2c8549d","0c1883651fa15b66d6917a8bf14b840248eb620861e5b992efc0effddbc75468"],"position":[1,2,3]}}');
INSERT INTO "change" VALUES(18,4,0,'import_batch',1,'{"state":"removed"}','{"state":"present"}');
INSERT INTO "change" VALUES(19,5,0,'span',1,NULL,'{"document_id":1,"label_id":5,"origin":"human","score":null,"run_id":null,"reason":"","actor_id":null,"note":"","is_flagged":false,"created_at":"2026-11-22T01:14:51.447Z","fields":{},"fragments":[[45,60],[68,80]],"start_cp":45,"end_cp":80,"quote":"Orsk and Velmar joint threat","state":"confirmed","analyst_id":1,"decided_at":"2026-11-22T01:14:51.447Z","id":1}');
INSERT INTO "change" VALUES(20,6,0,'span',2,NULL,'{"document_id":1,"label_id":2,"origin":"human","score":null,"run_id":null,"reason":"","actor_id":null,"note":"","is_flagged":false,"created_at":"2026-11-22T01:14:51.470Z","fields":{},"fragments":[[23,34]],"start_cp":23,"end_cp":34,"quote":"Ilya Brandt","state":"confirmed","analyst_id":1,"decided_at":"2026-11-22T01:14:51.470Z","id":2}');
INSERT INTO "change" VALUES(21,7,0,'span',3,NULL,'{"document_id":1,"label_id":1,"origin":"human","score":null,"run_id":null,"reason":"","actor_id":null,"note":"","is_flagged":false,"created_at":"2026-11-22T01:14:51.497Z","fields":{},"fragments":[[54,60]],"start_cp":54,"end_cp":60,"quote":"Velmar","state":"confirmed","analyst_id":1,"decided_at":"2026-11-22T01:14:51.497Z","id":3}');
INSERT INTO "change" VALUES(22,8,0,'link',1,NULL,'{"document_id":1,"type_id":1,"from_id":1,"to_id":2,"origin":"human","score":null,"run_id":null,"state":"confirmed","analyst_id":1,"decided_at":"2026-11-22T01:14:51.508Z","id":1}');
INSERT INTO "change" VALUES(23,9,0,'link',2,NULL,'{"document_id":1,"type_id":2,"from_id":1,"to_id":3,"origin":"human","score":null,"run_id":null,"state":"confirmed","analyst_id":1,"decided_at":"2026-11-22T01:14:51.512Z","id":2}');
INSERT INTO "change" VALUES(24,10,0,'span',1,'{"note":"","is_flagged":false}','{"note":"why? 🌊","is_flagged":true}');
INSERT INTO "change" VALUES(25,11,0,'span',1,'{"fields":{}}','{"fields":{"1":"statement"}}');
INSERT INTO "change" VALUES(26,12,0,'actor',1,NULL,'{"name":"Velmar","label_id":null,"notes":"","aliases":["Republic of Velmar"],"id":1}');
INSERT INTO "change" VALUES(27,12,1,'span',3,'{"actor_id":null}','{"actor_id":1}');
INSERT INTO "change" VALUES(28,13,0,'reviewed',1,NULL,'{"document_id":1,"start_cp":0,"end_cp":30,"analyst_id":1,"at":"2026-11-22T01:14:51.560Z","id":1}');
INSERT INTO "change" VALUES(29,14,0,'span',4,NULL,'{"document_id":2,"label_id":1,"origin":"human","score":null,"run_id":null,"reason":"","actor_id":null,"note":"","is_flagged":false,"created_at":"2026-11-22T01:14:51.577Z","fields":{},"fragments":[[50,54]],"start_cp":50,"end_cp":54,"quote":"Orsk","state":"confirmed","analyst_id":1,"decided_at":"2026-11-22T01:14:51.577Z","id":4}');
INSERT INTO "change" VALUES(30,15,0,'span',4,'{"id":4,"document_id":2,"label_id":1,"state":"confirmed","origin":"human","start_cp":50,"end_cp":54,"quote":"Orsk","score":null,"run_id":null,"reason":"","actor_id":null,"analyst_id":1,"note":"","is_flagged":false,"created_at":"2026-11-22T01:14:51.577Z","decided_at":"2026-11-22T01:14:51.577Z","fragments":[[50,54]],"fields":{}}',NULL);
INSERT INTO "change" VALUES(31,16,0,'span',5,NULL,'{"document_id":3,"label_id":2,"origin":"human","score":null,"run_id":null,"reason":"","actor_id":null,"note":"","is_flagged":false,"created_at":"2026-11-22T01:14:51.604Z","fields":{},"fragments":[[0,5]],"start_cp":0,"end_cp":5,"quote":"Taval","state":"confirmed","analyst_id":1,"decided_at":"2026-11-22T01:14:51.604Z","id":5}');
INSERT INTO "change" VALUES(32,17,0,'span',5,'{"id":5,"document_id":3,"label_id":2,"state":"confirmed","origin":"human","start_cp":0,"end_cp":5,"quote":"Taval","score":null,"run_id":null,"reason":"","actor_id":null,"analyst_id":1,"note":"","is_flagged":false,"created_at":"2026-11-22T01:14:51.604Z","decided_at":"2026-11-22T01:14:51.604Z","fragments":[[0,5]],"fields":{}}',NULL);
INSERT INTO "change" VALUES(33,18,0,'span',4,NULL,'{"id":4,"document_id":2,"label_id":1,"state":"confirmed","origin":"human","start_cp":50,"end_cp":54,"quote":"Orsk","score":null,"run_id":null,"reason":"","actor_id":null,"analyst_id":1,"note":"","is_flagged":false,"created_at":"2026-11-22T01:14:51.577Z","decided_at":"2026-11-22T01:14:51.577Z","fragments":[[50,54]],"fields":{}}');
CREATE TABLE change_set (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	operation VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	analyst_id INTEGER, 
	document_id INTEGER, 
	took_ms INTEGER, 
	is_undoable BOOLEAN NOT NULL, 
	status VARCHAR NOT NULL, 
	effect_id INTEGER, 
	CONSTRAINT ck_change_set_status_known CHECK (status = 'applied' OR status = 'undone' OR status = 'discarded'), 
	CONSTRAINT fk_change_set_analyst_id_analyst FOREIGN KEY(analyst_id) REFERENCES analyst (id)
);
INSERT INTO "change_set" VALUES(1,'starter codebook','2026-11-22T01:14:51.373Z',1,NULL,NULL,0,'applied',NULL);
INSERT INTO "change_set" VALUES(2,'stage import','2026-11-22T01:14:51.384Z',1,NULL,NULL,0,'applied',NULL);
INSERT INTO "change_set" VALUES(3,'stage import','2026-11-22T01:14:51.396Z',1,NULL,NULL,0,'applied',NULL);
INSERT INTO "change_set" VALUES(4,'import','2026-11-22T01:14:51.422Z',1,NULL,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(5,'draw','2026-11-22T01:14:51.447Z',1,1,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(6,'draw','2026-11-22T01:14:51.470Z',1,1,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(7,'draw','2026-11-22T01:14:51.497Z',1,1,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(8,'link','2026-11-22T01:14:51.508Z',1,NULL,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(9,'link','2026-11-22T01:14:51.512Z',1,NULL,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(10,'annotate','2026-11-22T01:14:51.520Z',1,NULL,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(11,'set field','2026-11-22T01:14:51.532Z',1,NULL,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(12,'create actor','2026-11-22T01:14:51.544Z',1,NULL,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(13,'mark reviewed','2026-11-22T01:14:51.560Z',1,1,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(14,'draw','2026-11-22T01:14:51.577Z',1,2,NULL,1,'applied',NULL);
INSERT INTO "change_set" VALUES(15,'delete','2026-11-22T01:14:51.592Z',1,NULL,NULL,1,'undone',18);
INSERT INTO "change_set" VALUES(16,'draw','2026-11-22T01:14:51.604Z',1,3,NULL,1,'undone',17);
INSERT INTO "change_set" VALUES(17,'undo','2026-11-22T01:14:51.608Z',1,NULL,NULL,0,'applied',NULL);
INSERT INTO "change_set" VALUES(18,'undo','2026-11-22T01:14:51.620Z',1,NULL,NULL,0,'applied',NULL);
CREATE TABLE document (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id INTEGER NOT NULL, 
	title VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	date VARCHAR, 
	language VARCHAR NOT NULL, 
	encoding VARCHAR NOT NULL, 
	length_cp INTEGER NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	meta JSON NOT NULL, 
	imported_at VARCHAR NOT NULL, 
	removed_at VARCHAR, 
	position INTEGER NOT NULL, 
	CONSTRAINT ck_document_sha256_shape CHECK (length(sha256) = 64), 
	CONSTRAINT ck_document_length_positive CHECK (length_cp > 0), 
	CONSTRAINT fk_document_batch_id_import_batch FOREIGN KEY(batch_id) REFERENCES import_batch (id)
);
INSERT INTO "document" VALUES(1,1,'Talks','','2026-03-01','','',85,'97e634dc3e0a2bf57656d6e147822d5e891b259e1a261537f426f7b7ea6b52c3','{}','2026-11-22T01:14:51.396Z',NULL,1);
INSERT INTO "document" VALUES(2,1,'Islands','','2026-03-01','','',61,'35b1d86f51387b7e3cc52b1c617553ee62962b5449ef5c6fcba8cb60b2c8549d','{}','2026-11-22T01:14:51.396Z',NULL,2);
INSERT INTO "document" VALUES(3,1,'Removed','','2026-03-01','','',14,'0c1883651fa15b66d6917a8bf14b840248eb620861e5b992efc0effddbc75468','{}','2026-11-22T01:14:51.396Z',NULL,3);
CREATE TABLE document_progress (
	document_id INTEGER NOT NULL, 
	undecided INTEGER NOT NULL, 
	decided INTEGER NOT NULL, 
	reviewed_cp INTEGER NOT NULL, 
	CONSTRAINT pk_document_progress PRIMARY KEY (document_id), 
	CONSTRAINT ck_document_progress_not_negative CHECK (undecided >= 0 AND decided >= 0 AND reviewed_cp >= 0), 
	CONSTRAINT fk_document_progress_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE
);
INSERT INTO "document_progress" VALUES(1,0,3,30);
INSERT INTO "document_progress" VALUES(2,0,1,0);
INSERT INTO "document_progress" VALUES(3,0,0,0);
CREATE TABLE document_run (
	document_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	finished_at VARCHAR NOT NULL, 
	CONSTRAINT pk_document_run PRIMARY KEY (document_id, run_id), 
	CONSTRAINT fk_document_run_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_document_run_run_id_suggester_run FOREIGN KEY(run_id) REFERENCES suggester_run (id) ON DELETE CASCADE
);
CREATE TABLE document_text (
	document_id INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	CONSTRAINT pk_document_text PRIMARY KEY (document_id), 
	CONSTRAINT fk_document_text_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE
);
INSERT INTO "document_text" VALUES(1,'Talks in Port Selin

Ilya Brandt said that Orsk and Velmar face a joint threat. 🌊
');
INSERT INTO "document_text" VALUES(2,'“No country is safe,” he added, “and we know it.” Orsk waits.');
INSERT INTO "document_text" VALUES(3,'Taval answers.');
CREATE TABLE field (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	choices JSON NOT NULL, 
	definition VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT ck_field_kind_known CHECK (kind = 'actor' OR kind = 'claim' OR kind = 'cue'), 
	CONSTRAINT ck_field_type_known CHECK (type = 'choice' OR type = 'text' OR type = 'date' OR type = 'number'), 
	CONSTRAINT uq_field_kind_name UNIQUE (kind, name)
);
INSERT INTO "field" VALUES(1,'Kind','claim','choice','["statement","accusation","demand","promise","prediction","belief"]','What the speaker does with the claim.',0);
INSERT INTO "field" VALUES(2,'Stance','claim','choice','["for","against","neutral"]','How the speaker stands to the target.',1);
INSERT INTO "field" VALUES(3,'Certainty','claim','choice','["certain","probable","possible","doubtful"]','How sure the speaker is, by the words used.',2);
INSERT INTO "field" VALUES(4,'Date','claim','date','[]','When the claim was made, if the text says so; otherwise the date of the document counts.',3);
CREATE TABLE fragment (
	span_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	start_cp INTEGER NOT NULL, 
	end_cp INTEGER NOT NULL, 
	CONSTRAINT pk_fragment PRIMARY KEY (span_id, position), 
	CONSTRAINT ck_fragment_position CHECK (position >= 0), 
	CONSTRAINT ck_fragment_range CHECK (start_cp >= 0 AND start_cp < end_cp), 
	CONSTRAINT fk_fragment_span_id_span FOREIGN KEY(span_id) REFERENCES span (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "fragment" VALUES(1,0,45,60);
INSERT INTO "fragment" VALUES(1,1,68,80);
INSERT INTO "fragment" VALUES(2,0,23,34);
INSERT INTO "fragment" VALUES(3,0,54,60);
INSERT INTO "fragment" VALUES(4,0,50,54);
CREATE TABLE import_batch (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	state VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	analyst_id INTEGER NOT NULL, 
	CONSTRAINT ck_import_batch_state_known CHECK (state = 'staged' OR state = 'present' OR state = 'removed'), 
	CONSTRAINT fk_import_batch_analyst_id_analyst FOREIGN KEY(analyst_id) REFERENCES analyst (id)
);
INSERT INTO "import_batch" VALUES(1,'present','2026-11-22T01:14:51.384Z',1);
CREATE TABLE indexed_document (
	document_id INTEGER NOT NULL, 
	CONSTRAINT pk_indexed_document PRIMARY KEY (document_id), 
	CONSTRAINT fk_indexed_document_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE
);
CREATE TABLE label (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	code VARCHAR, 
	colour VARCHAR NOT NULL, 
	"key" VARCHAR, 
	definition VARCHAR NOT NULL, 
	examples VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT ck_label_kind_known CHECK (kind = 'actor' OR kind = 'claim' OR kind = 'cue'), 
	CONSTRAINT ck_label_name_given CHECK (name <> ''), 
	CONSTRAINT uq_label_code UNIQUE (code), 
	CONSTRAINT uq_label_key UNIQUE ("key"), 
	CONSTRAINT uq_label_kind_name UNIQUE (kind, name)
);
INSERT INTO "label" VALUES(1,'actor','State','state','blue','1','A state, its government, or a name that stands for it (a capital, a palace, “the West”), where it acts or holds a view; not a mere place.','Velmar · Port Selin announced · both capitals',0);
INSERT INTO "label" VALUES(2,'actor','Person','person','teal','2','One person, by name or by description; titles and offices stay outside a name.','Ilya Brandt · the deputy minister',1);
INSERT INTO "label" VALUES(3,'actor','Organisation','organisation','violet','3','A named organisation: alliance, party, ministry, agency, company, medium, armed group.','the League · Meridian news agency',2);
INSERT INTO "label" VALUES(4,'actor','Group','group','orange','4','Several people or unnamed organisations that act or hold a view together.','Velmari officials · the protesters · small island governments',3);
INSERT INTO "label" VALUES(5,'claim','Claim','claim','yellow','5','What the text presents as said, written, believed, wanted, promised, demanded or predicted by someone other than its author; quotation marks included, “that” left out.','officials warned that [the drill would go ahead]',4);
INSERT INTO "label" VALUES(6,'cue','Cue','cue','grey','6','The words that signal whose claim it is: verb group, noun, or “according to”.','was quoted as saying · according to · fears of',5);
CREATE TABLE label_setting (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	label_id INTEGER NOT NULL, 
	least_score DOUBLE NOT NULL, 
	is_remembered BOOLEAN NOT NULL, 
	CONSTRAINT ck_label_setting_least_score_range CHECK (least_score >= 0 AND least_score <= 1), 
	CONSTRAINT fk_label_setting_label_id_label FOREIGN KEY(label_id) REFERENCES label (id) ON DELETE CASCADE, 
	CONSTRAINT uq_label_setting_label_id UNIQUE (label_id)
);
CREATE TABLE link (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id INTEGER NOT NULL, 
	type_id INTEGER NOT NULL, 
	from_id INTEGER NOT NULL, 
	to_id INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	score DOUBLE, 
	run_id INTEGER, 
	analyst_id INTEGER, 
	decided_at VARCHAR, 
	CONSTRAINT ck_link_decided_has_time CHECK ((state = 'suggested') = (decided_at IS NULL)), 
	CONSTRAINT ck_link_suggester_has_run CHECK (origin <> 'suggester' OR run_id IS NOT NULL), 
	CONSTRAINT ck_link_origin_known CHECK (origin = 'suggester' OR origin = 'human' OR origin = 'import'), 
	CONSTRAINT ck_link_decided_has_analyst CHECK (state = 'suggested' OR analyst_id IS NOT NULL), 
	CONSTRAINT ck_link_state_known CHECK (state = 'suggested' OR state = 'confirmed' OR state = 'rejected'), 
	CONSTRAINT ck_link_two_ends CHECK (from_id <> to_id), 
	CONSTRAINT ck_link_score_range CHECK (score IS NULL OR (score >= 0 AND score <= 1)), 
	CONSTRAINT fk_link_analyst_id_analyst FOREIGN KEY(analyst_id) REFERENCES analyst (id), 
	CONSTRAINT fk_link_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_link_from_id_span FOREIGN KEY(from_id) REFERENCES span (id) ON DELETE CASCADE, 
	CONSTRAINT fk_link_run_id_suggester_run FOREIGN KEY(run_id) REFERENCES suggester_run (id), 
	CONSTRAINT fk_link_to_id_span FOREIGN KEY(to_id) REFERENCES span (id) ON DELETE CASCADE, 
	CONSTRAINT fk_link_type_id_link_type FOREIGN KEY(type_id) REFERENCES link_type (id), 
	CONSTRAINT uq_link_from_id_to_id_type_id UNIQUE (from_id, to_id, type_id)
);
INSERT INTO "link" VALUES(1,1,1,1,2,'confirmed','human',NULL,NULL,1,'2026-11-22T01:14:51.508Z');
INSERT INTO "link" VALUES(2,1,2,1,3,'confirmed','human',NULL,NULL,1,'2026-11-22T01:14:51.512Z');
CREATE TABLE link_type (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	from_kind VARCHAR NOT NULL, 
	to_kind VARCHAR NOT NULL, 
	definition VARCHAR NOT NULL, 
	CONSTRAINT ck_link_type_from_kind_known CHECK (from_kind = 'actor' OR from_kind = 'claim' OR from_kind = 'cue'), 
	CONSTRAINT ck_link_type_to_kind_known CHECK (to_kind = 'actor' OR to_kind = 'claim' OR to_kind = 'cue'), 
	CONSTRAINT uq_link_type_code UNIQUE (code)
);
INSERT INTO "link_type" VALUES(1,'speaker','Speaker','claim','actor','Who makes the claim.');
INSERT INTO "link_type" VALUES(2,'target','Target','claim','actor','The actor that the claim is about or against.');
INSERT INTO "link_type" VALUES(3,'cue','Cue','claim','cue','The words that signal the claim.');
INSERT INTO "link_type" VALUES(4,'contains','Contains','claim','claim','A claim that is reported within this one.');
INSERT INTO "link_type" VALUES(5,'answers','Answers','claim','claim','A claim that this one replies to.');
CREATE TABLE remembered_words (
	words VARCHAR NOT NULL, 
	label_id INTEGER NOT NULL, 
	actor_id INTEGER, 
	document_id INTEGER NOT NULL, 
	CONSTRAINT pk_remembered_words PRIMARY KEY (words), 
	CONSTRAINT fk_remembered_words_actor_id_actor FOREIGN KEY(actor_id) REFERENCES actor (id) ON DELETE SET NULL, 
	CONSTRAINT fk_remembered_words_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_remembered_words_label_id_label FOREIGN KEY(label_id) REFERENCES label (id) ON DELETE CASCADE
);
CREATE TABLE reviewed (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id INTEGER NOT NULL, 
	start_cp INTEGER NOT NULL, 
	end_cp INTEGER NOT NULL, 
	analyst_id INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	CONSTRAINT ck_reviewed_range CHECK (start_cp >= 0 AND start_cp < end_cp), 
	CONSTRAINT fk_reviewed_analyst_id_analyst FOREIGN KEY(analyst_id) REFERENCES analyst (id), 
	CONSTRAINT fk_reviewed_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE
);
INSERT INTO "reviewed" VALUES(1,1,0,30,1,'2026-11-22T01:14:51.560Z');
CREATE TABLE setting (
	"key" VARCHAR NOT NULL, 
	value JSON NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY ("key")
);
INSERT INTO "setting" VALUES('place','{"document":2}');
CREATE TABLE span (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id INTEGER NOT NULL, 
	label_id INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	start_cp INTEGER NOT NULL, 
	end_cp INTEGER NOT NULL, 
	quote VARCHAR NOT NULL, 
	score DOUBLE, 
	run_id INTEGER, 
	reason VARCHAR NOT NULL, 
	actor_id INTEGER, 
	analyst_id INTEGER, 
	note VARCHAR NOT NULL, 
	is_flagged BOOLEAN NOT NULL, 
	created_at VARCHAR NOT NULL, 
	decided_at VARCHAR, 
	CONSTRAINT ck_span_decided_has_time CHECK ((state = 'suggested') = (decided_at IS NULL)), 
	CONSTRAINT ck_span_suggester_has_run CHECK (origin <> 'suggester' OR run_id IS NOT NULL), 
	CONSTRAINT ck_span_origin_known CHECK (origin = 'suggester' OR origin = 'human' OR origin = 'import'), 
	CONSTRAINT ck_span_decided_has_analyst CHECK (state = 'suggested' OR analyst_id IS NOT NULL), 
	CONSTRAINT ck_span_state_known CHECK (state = 'suggested' OR state = 'confirmed' OR state = 'rejected'), 
	CONSTRAINT ck_span_score_range CHECK (score IS NULL OR (score >= 0 AND score <= 1)), 
	CONSTRAINT ck_span_quote_given CHECK (quote <> ''), 
	CONSTRAINT ck_span_range CHECK (start_cp >= 0 AND start_cp < end_cp), 
	CONSTRAINT fk_span_actor_id_actor FOREIGN KEY(actor_id) REFERENCES actor (id), 
	CONSTRAINT fk_span_analyst_id_analyst FOREIGN KEY(analyst_id) REFERENCES analyst (id), 
	CONSTRAINT fk_span_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE, 
	CONSTRAINT fk_span_label_id_label FOREIGN KEY(label_id) REFERENCES label (id), 
	CONSTRAINT fk_span_run_id_suggester_run FOREIGN KEY(run_id) REFERENCES suggester_run (id)
);
INSERT INTO "span" VALUES(1,1,5,'confirmed','human',45,80,'Orsk and Velmar joint threat',NULL,NULL,'',NULL,1,'why? 🌊',1,'2026-11-22T01:14:51.447Z','2026-11-22T01:14:51.447Z');
INSERT INTO "span" VALUES(2,1,2,'confirmed','human',23,34,'Ilya Brandt',NULL,NULL,'',NULL,1,'',0,'2026-11-22T01:14:51.470Z','2026-11-22T01:14:51.470Z');
INSERT INTO "span" VALUES(3,1,1,'confirmed','human',54,60,'Velmar',NULL,NULL,'',1,1,'',0,'2026-11-22T01:14:51.497Z','2026-11-22T01:14:51.497Z');
INSERT INTO "span" VALUES(4,2,1,'confirmed','human',50,54,'Orsk',NULL,NULL,'',NULL,1,'',0,'2026-11-22T01:14:51.577Z','2026-11-22T01:14:51.577Z');
CREATE TABLE span_field (
	span_id INTEGER NOT NULL, 
	field_id INTEGER NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_span_field PRIMARY KEY (span_id, field_id), 
	CONSTRAINT fk_span_field_field_id_field FOREIGN KEY(field_id) REFERENCES field (id), 
	CONSTRAINT fk_span_field_span_id_span FOREIGN KEY(span_id) REFERENCES span (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "span_field" VALUES(1,1,'statement');
CREATE TABLE stretch (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	start_cp INTEGER NOT NULL, 
	end_cp INTEGER NOT NULL, 
	value VARCHAR NOT NULL, 
	analyst_id INTEGER, 
	at VARCHAR NOT NULL, 
	CONSTRAINT ck_stretch_range CHECK (start_cp >= 0 AND start_cp < end_cp), 
	CONSTRAINT ck_stretch_kind_known CHECK (kind = 'excluded' OR kind = 'page'), 
	CONSTRAINT fk_stretch_analyst_id_analyst FOREIGN KEY(analyst_id) REFERENCES analyst (id), 
	CONSTRAINT fk_stretch_document_id_document FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE
);
CREATE TABLE suggest_option (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR NOT NULL, 
	value JSON NOT NULL, 
	CONSTRAINT ck_suggest_option_name_given CHECK (name <> ''), 
	CONSTRAINT uq_suggest_option_name UNIQUE (name)
);
CREATE TABLE suggester_run (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	suggester VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	started_at VARCHAR NOT NULL, 
	CONSTRAINT uq_suggester_run_suggester_version_model UNIQUE (suggester, version, model)
);
CREATE INDEX ix_change_set_undo ON change_set (status, is_undoable, id);
CREATE INDEX ix_actor_alias_folded ON actor_alias (folded);
CREATE INDEX ix_change_row ON change (entity, row_id) WHERE row_id IS NOT NULL;
CREATE INDEX ix_change_set_id ON change (set_id, position);
CREATE INDEX ix_document_batch_id ON document (batch_id);
CREATE INDEX ix_document_listed ON document (position, id) WHERE removed_at IS NULL;
CREATE INDEX ix_document_sha256 ON document (sha256);
CREATE INDEX ix_reviewed_document ON reviewed (document_id, start_cp);
CREATE INDEX ix_span_label_id ON span (label_id);
CREATE INDEX ix_span_place ON span (document_id, start_cp, end_cp);
CREATE INDEX ix_link_document ON link (document_id);
CREATE INDEX ix_link_to ON link (to_id);
CREATE INDEX ix_span_undecided ON span (label_id, quote) WHERE state = 'suggested';
CREATE INDEX ix_span_actor ON span (actor_id, state, document_id) WHERE actor_id IS NOT NULL;
CREATE INDEX ix_span_unlinked ON span (quote, label_id, state, document_id, actor_id) WHERE actor_id IS NULL AND length(quote) <= 100;
CREATE INDEX ix_stretch_document ON stretch (document_id, start_cp);
CREATE INDEX ix_span_scored ON span (label_id, score, document_id) WHERE state = 'suggested';
CREATE INDEX ix_span_decided_words ON span (quote, label_id, state, actor_id, document_id, decided_at) WHERE origin <> 'import' AND state <> 'suggested' AND length(quote) <= 100;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('analyst',1);
INSERT INTO "sqlite_sequence" VALUES('label',6);
INSERT INTO "sqlite_sequence" VALUES('link_type',5);
INSERT INTO "sqlite_sequence" VALUES('field',4);
INSERT INTO "sqlite_sequence" VALUES('change_set',18);
INSERT INTO "sqlite_sequence" VALUES('change',33);
INSERT INTO "sqlite_sequence" VALUES('import_batch',1);
INSERT INTO "sqlite_sequence" VALUES('document',3);
INSERT INTO "sqlite_sequence" VALUES('span',5);
INSERT INTO "sqlite_sequence" VALUES('link',2);
INSERT INTO "sqlite_sequence" VALUES('reviewed',1);
INSERT INTO "sqlite_sequence" VALUES('stretch',0);
INSERT INTO "sqlite_sequence" VALUES('actor',1);
COMMIT;
CREATE VIRTUAL TABLE document_fts USING fts5(text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2');
PRAGMA application_id = 1398897011;
PRAGMA user_version = 5;
