#include "message/quote_tables.h"

#include <string.h>

#include "base/text.h"

#include "message/quote.h"

typedef struct WordRow {
	const char *text;
	WordPlace place;
} WordRow;

/* A table, folded once: the program has no threads. */
typedef struct FoldedTable {
	char **words;
	gsize count;
} FoldedTable;

/* ---- verbs ---------------------------------------------------------------
 *
 * What stands for "wrote" in the attribution lines of Gmail, Apple Mail,
 * Thunderbird, Outlook's web and mobile editions, Yahoo, Proton, Zoho,
 * Roundcube, Horde, Evolution, KMail, mutt. */
static const WordRow verbs[] = {
	{ "wrote", WORD_WHOLE },          /* English */
	{ "writes", WORD_WHOLE },         /* English: Gnus */
	{ "sent:", WORD_STEM },           /* English: some mobile clients */
	{ "escribió", WORD_WHOLE },       /* Spanish */
	{ "escribieron", WORD_WHOLE },    /* Spanish */
	{ "ha escrito", WORD_WHOLE },     /* Spanish */
	{ "escreveu", WORD_WHOLE },       /* Portuguese */
	{ "escreveram", WORD_WHOLE },     /* Portuguese */
	{ "va escriure", WORD_WHOLE },    /* Catalan */
	{ "ha escrit", WORD_WHOLE },      /* Catalan */
	{ "escribiu", WORD_WHOLE },       /* Galician */
	{ "idatzi", WORD_WHOLE },         /* Basque */
	{ "a écrit", WORD_WHOLE },        /* French */
	{ "ha scritto", WORD_WHOLE },     /* Italian */
	{ "scrive", WORD_WHOLE },         /* Italian */
	{ "a scris", WORD_WHOLE },        /* Romanian */
	{ "schrieb", WORD_WHOLE },        /* German */
	{ "schreibt", WORD_WHOLE },       /* German */
	{ "geschrieben", WORD_WHOLE },    /* German: Yahoo */
	{ "schreef", WORD_WHOLE },        /* Dutch */
	{ "geschreven", WORD_WHOLE },     /* Dutch: Apple Mail */
	{ "geskryf", WORD_WHOLE },        /* Afrikaans */
	{ "skrev", WORD_WHOLE },          /* Swedish, Danish, Norwegian */
	{ "skriver", WORD_WHOLE },        /* Norwegian */
	{ "skrifaði", WORD_WHOLE },       /* Icelandic */
	{ "kirjoitti", WORD_WHOLE },      /* Finnish */
	{ "kirjutas", WORD_WHOLE },       /* Estonian */
	{ "rakstīja", WORD_WHOLE },       /* Latvian */
	{ "rašė", WORD_WHOLE },           /* Lithuanian */
	{ "napisał", WORD_STEM },         /* Polish: napisał(a) */
	{ "napisano", WORD_WHOLE },       /* Polish */
	{ "napisana przez", WORD_WHOLE }, /* Polish: Apple Mail */
	{ "pisze", WORD_WHOLE },          /* Polish: Thunderbird */
	{ "napsal", WORD_STEM },          /* Czech: napsal(a) */
	{ "napísal", WORD_STEM },         /* Slovak; Slovene: napisal(a) */
	{ "napisao", WORD_STEM },         /* Croatian, Serbian */
	{ "napisala", WORD_WHOLE },       /* Croatian, Serbian, Slovene */
	{ "írta", WORD_WHOLE },           /* Hungarian */
	{ "написал", WORD_STEM },         /* Russian: написал(а) */
	{ "пишет", WORD_WHOLE },          /* Russian: Thunderbird */
	{ "писал", WORD_STEM },           /* Russian */
	{ "написав", WORD_STEM },         /* Ukrainian: написав(-ла) */
	{ "пише", WORD_WHOLE },           /* Ukrainian: Gmail */
	{ "написа", WORD_WHOLE },         /* Bulgarian */
	{ "написао", WORD_STEM },         /* Serbian */
	{ "έγραψε", WORD_WHOLE },         /* Greek */
	{ "yazdı", WORD_WHOLE },          /* Turkish */
	{ "yazmış", WORD_WHOLE },         /* Turkish */
	{ "כתב", WORD_WHOLE },            /* Hebrew: Apple Mail */
	{ "כתבה", WORD_WHOLE },           /* Hebrew */
	{ "מאת", WORD_WHOLE },            /* Hebrew: Gmail */
	{ "ציטוט", WORD_WHOLE },          /* Hebrew: Thunderbird */
	{ "كتب", WORD_WHOLE },            /* Arabic: Apple Mail */
	{ "كتبت", WORD_WHOLE },           /* Arabic */
	{ "كتابة ما يلي بواسطة", WORD_PART }, /* Arabic: Gmail */
	{ "نوشت", WORD_WHOLE },               /* Persian */
	{ "ने लिखा", WORD_PART },              /* Hindi */
	{ "写道", WORD_PART },                /* Chinese */
	{ "寫道", WORD_PART },                /* Chinese, traditional */
	{ "のメール", WORD_PART },            /* Japanese: Apple Mail */
	{ "のメッセージ", WORD_PART },        /* Japanese: Apple Mail */
	{ "書きました", WORD_PART },          /* Japanese: Thunderbird */
	{ "작성", WORD_PART },                /* Korean: Gmail, Apple Mail */
	{ "쓴 글", WORD_PART },               /* Korean: Thunderbird */
	{ "đã viết", WORD_WHOLE },            /* Vietnamese */
	{ "menulis", WORD_WHOLE },            /* Indonesian, Malay */
	{ "เขียน", WORD_PART },                /* Thai */
	{ "sinulat ni", WORD_WHOLE },         /* Filipino */
	{ "aliandika", WORD_WHOLE },          /* Swahili */
};

/* ---- first words ---- */

static const WordRow lead_ins[] = {
	{ "on", WORD_WHOLE },        /* English */
	{ "at", WORD_WHOLE },        /* English: Eudora */
	{ "in", WORD_WHOLE },        /* English: news readers */
	{ "el", WORD_WHOLE },        /* Spanish, Catalan */
	{ "con fecha", WORD_WHOLE }, /* Spanish: KMail */
	{ "em", WORD_WHOLE },        /* Portuguese */
	{ "no dia", WORD_WHOLE },    /* Portuguese: Apple Mail */
	{ "a", WORD_WHOLE },         /* Portuguese, Galician */
	{ "o", WORD_WHOLE },         /* Galician */
	{ "le", WORD_WHOLE },        /* French */
	{ "il", WORD_WHOLE },        /* Italian */
	{ "in data", WORD_WHOLE },   /* Italian: Alto, Samsung */
	{ "în", WORD_WHOLE },        /* Romanian: Gmail */
	{ "la", WORD_WHOLE },        /* Romanian: Thunderbird */
	{ "pe", WORD_WHOLE },        /* Romanian: Apple Mail */
	{ "am", WORD_WHOLE },        /* German */
	{ "op", WORD_WHOLE },        /* Dutch, Afrikaans */
	{ "den", WORD_WHOLE },       /* Swedish, Danish, Norwegian */
	{ "på", WORD_WHOLE },        /* Norwegian */
	{ "dnia", WORD_WHOLE },      /* Polish */
	{ "w dniu", WORD_WHOLE },    /* Polish */
	{ "dne", WORD_WHOLE },       /* Czech, Slovene */
	{ "dňa", WORD_WHOLE },       /* Slovak */
	{ "dana", WORD_WHOLE },      /* Croatian, Serbian */
	{ "дана", WORD_WHOLE },      /* Serbian */
	{ "v", WORD_WHOLE },         /* Slovene: Gmail */
	{ "в", WORD_WHOLE },         /* Russian: Evolution, mutt */
	{ "на", WORD_WHOLE },        /* Bulgarian */
	{ "στις", WORD_WHOLE },      /* Greek */
	{ "την", WORD_WHOLE },       /* Greek */
	{ "בתאריך", WORD_WHOLE },    /* Hebrew: Gmail, Thunderbird */
	{ "ב-", WORD_STEM },         /* Hebrew: Apple Mail */
	{ "في", WORD_WHOLE },        /* Arabic */
	{ "در", WORD_WHOLE },        /* Persian */
	{ "在", WORD_PART },         /* Chinese */
	{ "于", WORD_PART },         /* Chinese */
	{ "vào", WORD_WHOLE },       /* Vietnamese */
	{ "lúc", WORD_WHOLE },       /* Vietnamese */
	{ "pada", WORD_WHOLE },      /* Indonesian, Malay */
	{ "เมื่อ", WORD_PART },        /* Thai */
	{ "ใน", WORD_PART },         /* Thai */
	{ "noong", WORD_WHOLE },     /* Filipino */
	{ "kuupäeval", WORD_WHOLE }, /* Estonian */
	{ "mnamo", WORD_WHOLE },     /* Swahili */
};

static const WordRow lead_verbs[] = {
	{ "quoting", WORD_WHOLE },            /* English: Horde */
	{ "zitat von", WORD_WHOLE },          /* German: Horde */
	{ "citando a", WORD_WHOLE },          /* Spanish: Horde */
	{ "citando", WORD_WHOLE },            /* Spanish, Portuguese: Horde */
	{ "mensaje citado por", WORD_WHOLE }, /* Spanish: Horde */
	{ "citat av", WORD_WHOLE },           /* Swedish: Horde */
	{ "citeren", WORD_WHOLE },            /* Dutch: Horde */
	{ "cytowanie", WORD_WHOLE },          /* Polish: Horde */
	{ "missatge de", WORD_WHOLE },        /* Catalan: Gmail */
	{ "wiadomość napisana przez", WORD_WHOLE }, /* Polish: Apple Mail */
	{ "selon", WORD_WHOLE },                    /* French: Horde */
};

/* ---- separators ----------------------------------------------------------
 *
 * What stands between dashes (or alone, in Apple Mail) above an older mail. */
typedef struct SeparatorRow {
	const char *text;
	SeparatorKind kind;
} SeparatorRow;

static const SeparatorRow separators[] = {
	/* English */
	{ "original message", SEPARATOR_REPLY },
	{ "original mail", SEPARATOR_REPLY },
	{ "original email", SEPARATOR_REPLY },
	{ "original", SEPARATOR_REPLY },             /* QQ */
	{ "original appointment", SEPARATOR_REPLY }, /* Outlook */
	{ "reply message", SEPARATOR_REPLY },        /* HTC */
	{ "replied message", SEPARATOR_REPLY },      /* NetEase */
	{ "forwarded message", SEPARATOR_FORWARD },
	{ "forwarded mail", SEPARATOR_FORWARD },
	{ "forwarded email", SEPARATOR_FORWARD },
	{ "forwarded by", SEPARATOR_FORWARD },
	{ "begin forwarded message", SEPARATOR_FORWARD },
	{ "start of forwarded message", SEPARATOR_FORWARD },
	{ "forwarded message follows", SEPARATOR_FORWARD },
	/* Spanish */
	{ "mensaje original", SEPARATOR_REPLY },
	{ "mensaje de origen", SEPARATOR_REPLY },
	{ "correo original", SEPARATOR_REPLY },
	{ "mensaje reenviado", SEPARATOR_FORWARD },
	{ "correo reenviado", SEPARATOR_FORWARD },
	{ "inicio del mensaje reenviado", SEPARATOR_FORWARD },
	{ "comienzo del mensaje reenviado", SEPARATOR_FORWARD },
	/* Portuguese */
	{ "mensagem original", SEPARATOR_REPLY },
	{ "mensagem encaminhada", SEPARATOR_FORWARD },
	{ "mensagem reencaminhada", SEPARATOR_FORWARD },
	{ "início da mensagem encaminhada", SEPARATOR_FORWARD },
	{ "início da mensagem reencaminhada", SEPARATOR_FORWARD },
	/* Catalan, Galician, Basque */
	{ "missatge original", SEPARATOR_REPLY },
	{ "missatge reenviat", SEPARATOR_FORWARD },
	{ "inici del missatge reenviat", SEPARATOR_FORWARD },
	{ "mensaxe orixinal", SEPARATOR_REPLY },
	{ "mensaxe reenviada", SEPARATOR_FORWARD },
	{ "jatorrizko mezua", SEPARATOR_REPLY },
	{ "birbidalitako mezua", SEPARATOR_FORWARD },
	/* French */
	{ "message original", SEPARATOR_REPLY },
	{ "message d'origine", SEPARATOR_REPLY },
	{ "message initial", SEPARATOR_REPLY },
	{ "courriel original", SEPARATOR_REPLY },
	{ "mail original", SEPARATOR_REPLY }, /* Zimbra of free.fr */
	{ "message transféré", SEPARATOR_FORWARD },
	{ "message transmis", SEPARATOR_FORWARD },
	{ "mail transféré", SEPARATOR_FORWARD },
	{ "début du message transféré", SEPARATOR_FORWARD },
	{ "début du message réexpédié", SEPARATOR_FORWARD },
	{ "début du message transmis", SEPARATOR_FORWARD },
	/* Italian */
	{ "messaggio originale", SEPARATOR_REPLY },
	{ "messaggio inoltrato", SEPARATOR_FORWARD },
	{ "inizio messaggio inoltrato", SEPARATOR_FORWARD },
	{ "inizio del messaggio inoltrato", SEPARATOR_FORWARD },
	/* Romanian */
	{ "mesaj original", SEPARATOR_REPLY },
	{ "mesajul original", SEPARATOR_REPLY },
	{ "mesaj redirecționat", SEPARATOR_FORWARD },
	{ "mesaj înaintat", SEPARATOR_FORWARD },
	{ "începutul mesajului redirecționat", SEPARATOR_FORWARD },
	/* German */
	{ "ursprüngliche nachricht", SEPARATOR_REPLY },
	{ "ursprüngliche mitteilung", SEPARATOR_REPLY },
	{ "original-nachricht", SEPARATOR_REPLY },
	{ "originalnachricht", SEPARATOR_REPLY },
	{ "originale nachricht", SEPARATOR_REPLY },
	{ "original nachricht", SEPARATOR_REPLY },
	{ "weitergeleitete nachricht", SEPARATOR_FORWARD },
	{ "weitergeleitete mail", SEPARATOR_FORWARD },
	{ "anfang der weitergeleiteten nachricht", SEPARATOR_FORWARD },
	{ "anfang der weitergeleiteten e-mail", SEPARATOR_FORWARD },
	/* Dutch, Afrikaans */
	{ "oorspronkelijk bericht", SEPARATOR_REPLY },
	{ "origineel bericht", SEPARATOR_REPLY },
	{ "oorspronkelijke bericht", SEPARATOR_REPLY },
	{ "doorgestuurd bericht", SEPARATOR_FORWARD },
	{ "begin doorgestuurd bericht", SEPARATOR_FORWARD },
	{ "begin van doorgestuurd bericht", SEPARATOR_FORWARD },
	{ "oorspronklike boodskap", SEPARATOR_REPLY },
	/* Swedish */
	{ "originalmeddelande", SEPARATOR_REPLY },
	{ "ursprungligt meddelande", SEPARATOR_REPLY },
	{ "originalmail", SEPARATOR_REPLY },
	{ "vidarebefordrat meddelande", SEPARATOR_FORWARD },
	{ "vidarebefordrat brev", SEPARATOR_FORWARD },
	{ "vidarebefordrat mejl", SEPARATOR_FORWARD },
	/* Danish */
	{ "oprindelig meddelelse", SEPARATOR_REPLY },
	{ "oprindelig besked", SEPARATOR_REPLY },
	{ "original besked", SEPARATOR_REPLY },
	{ "original meddelelse", SEPARATOR_REPLY },
	{ "videresendt meddelelse", SEPARATOR_FORWARD },
	{ "videresendt besked", SEPARATOR_FORWARD },
	{ "start på videresendt besked", SEPARATOR_FORWARD },
	{ "start på videresendt meddelelse", SEPARATOR_FORWARD },
	/* Norwegian, Icelandic */
	{ "opprinnelig melding", SEPARATOR_REPLY },
	{ "original melding", SEPARATOR_REPLY },
	{ "videresendt melding", SEPARATOR_FORWARD },
	{ "starten på videresendt melding", SEPARATOR_FORWARD },
	{ "upprunaleg skilaboð", SEPARATOR_REPLY },
	/* Finnish */
	{ "alkuperäinen viesti", SEPARATOR_REPLY },
	{ "välitetty viesti", SEPARATOR_FORWARD },
	{ "edelleenlähetetty viesti", SEPARATOR_FORWARD },
	{ "välitetty viesti alkaa", SEPARATOR_FORWARD },
	/* Estonian, Latvian, Lithuanian */
	{ "algne sõnum", SEPARATOR_REPLY },
	{ "algne kiri", SEPARATOR_REPLY },
	{ "edastatud kiri", SEPARATOR_FORWARD },
	{ "edastatud sõnum", SEPARATOR_FORWARD },
	{ "sākotnējais ziņojums", SEPARATOR_REPLY },
	{ "sākotnējā ziņa", SEPARATOR_REPLY },
	{ "oriģinālais ziņojums", SEPARATOR_REPLY },
	{ "pārsūtīts ziņojums", SEPARATOR_FORWARD },
	{ "pārsūtītā ziņa", SEPARATOR_FORWARD },
	{ "originalus laiškas", SEPARATOR_REPLY },
	{ "pradinis laiškas", SEPARATOR_REPLY },
	{ "pradinis pranešimas", SEPARATOR_REPLY },
	{ "persiųstas laiškas", SEPARATOR_FORWARD },
	/* Polish */
	{ "wiadomość oryginalna", SEPARATOR_REPLY },
	{ "oryginalna wiadomość", SEPARATOR_REPLY },
	{ "pierwotna wiadomość", SEPARATOR_REPLY },
	{ "wiadomość pierwotna", SEPARATOR_REPLY },
	{ "treść oryginalnej wiadomości", SEPARATOR_REPLY },
	{ "wiadomość przekazana dalej", SEPARATOR_FORWARD },
	{ "przekazana wiadomość", SEPARATOR_FORWARD },
	{ "wiadomość przekazana", SEPARATOR_FORWARD },
	{ "treść przekazanej wiadomości", SEPARATOR_FORWARD },
	{ "początek przekazywanej wiadomości", SEPARATOR_FORWARD },
	/* Czech, Slovak */
	{ "původní zpráva", SEPARATOR_REPLY },
	{ "původní e-mail", SEPARATOR_REPLY },
	{ "přeposlaná zpráva", SEPARATOR_FORWARD },
	{ "přeposílaná zpráva", SEPARATOR_FORWARD },
	{ "začátek přeposílané zprávy", SEPARATOR_FORWARD },
	{ "pôvodná správa", SEPARATOR_REPLY },
	{ "pôvodný e-mail", SEPARATOR_REPLY },
	{ "preposlaná správa", SEPARATOR_FORWARD },
	{ "začiatok preposlanej správy", SEPARATOR_FORWARD },
	/* Hungarian */
	{ "eredeti üzenet", SEPARATOR_REPLY },
	{ "eredeti levél", SEPARATOR_REPLY },
	{ "továbbított üzenet", SEPARATOR_FORWARD },
	{ "továbbított levél", SEPARATOR_FORWARD },
	{ "továbbított levél kezdete", SEPARATOR_FORWARD },
	/* Slovene, Croatian, Serbian */
	{ "izvirno sporočilo", SEPARATOR_REPLY },
	{ "posredovano sporočilo", SEPARATOR_FORWARD },
	{ "izvorna poruka", SEPARATOR_REPLY },
	{ "originalna poruka", SEPARATOR_REPLY },
	{ "proslijeđena poruka", SEPARATOR_FORWARD },
	{ "prosleđena poruka", SEPARATOR_FORWARD },
	{ "оригинална порука", SEPARATOR_REPLY },
	{ "прослеђена порука", SEPARATOR_FORWARD },
	/* Russian */
	{ "исходное сообщение", SEPARATOR_REPLY },
	{ "оригинальное сообщение", SEPARATOR_REPLY },
	{ "первоначальное сообщение", SEPARATOR_REPLY },
	{ "исходное письмо", SEPARATOR_REPLY },
	{ "пересылаемое сообщение", SEPARATOR_FORWARD },
	{ "пересланное сообщение", SEPARATOR_FORWARD },
	{ "перенаправленное сообщение", SEPARATOR_FORWARD },
	{ "пересылаемое письмо", SEPARATOR_FORWARD },
	{ "начало переадресованного сообщения", SEPARATOR_FORWARD },
	{ "начало пересылаемого сообщения", SEPARATOR_FORWARD },
	/* Ukrainian, Bulgarian */
	{ "вихідне повідомлення", SEPARATOR_REPLY },
	{ "оригінальне повідомлення", SEPARATOR_REPLY },
	{ "початкове повідомлення", SEPARATOR_REPLY },
	{ "переслане повідомлення", SEPARATOR_FORWARD },
	{ "перенаправлене повідомлення", SEPARATOR_FORWARD },
	{ "початок пересланого повідомлення", SEPARATOR_FORWARD },
	{ "оригинално съобщение", SEPARATOR_REPLY },
	{ "първоначално съобщение", SEPARATOR_REPLY },
	{ "препратено съобщение", SEPARATOR_FORWARD },
	/* Greek */
	{ "αρχικό μήνυμα", SEPARATOR_REPLY },
	{ "πρωτότυπο μήνυμα", SEPARATOR_REPLY },
	{ "προωθημένο μήνυμα", SEPARATOR_FORWARD },
	{ "έναρξη προωθημένου μηνύματος", SEPARATOR_FORWARD },
	/* Turkish */
	{ "orijinal mesaj", SEPARATOR_REPLY },
	{ "orijinal ileti", SEPARATOR_REPLY },
	{ "özgün ileti", SEPARATOR_REPLY },
	{ "özgün mesaj", SEPARATOR_REPLY },
	{ "iletilmiş mesaj", SEPARATOR_FORWARD },
	{ "iletilen mesaj", SEPARATOR_FORWARD },
	{ "yönlendirilen ileti", SEPARATOR_FORWARD },
	{ "iletilmiş ileti", SEPARATOR_FORWARD },
	/* Hebrew, Arabic, Persian */
	{ "הודעה מקורית", SEPARATOR_REPLY },
	{ "ההודעה המקורית", SEPARATOR_REPLY },
	{ "הודעה שהועברה", SEPARATOR_FORWARD },
	{ "תחילת ההודעה שהועברה", SEPARATOR_FORWARD },
	{ "الرسالة الأصلية", SEPARATOR_REPLY },
	{ "رسالة أصلية", SEPARATOR_REPLY },
	{ "رسالة معاد توجيهها", SEPARATOR_FORWARD },
	{ "بدء الرسالة المحولة", SEPARATOR_FORWARD },
	{ "پیام اصلی", SEPARATOR_REPLY },
	{ "پیام هدایت شده", SEPARATOR_FORWARD },
	/* Chinese */
	{ "原始邮件", SEPARATOR_REPLY },
	{ "邮件原件", SEPARATOR_REPLY },
	{ "原始信息", SEPARATOR_REPLY },
	{ "原邮件", SEPARATOR_REPLY },
	{ "回复的原邮件", SEPARATOR_REPLY },
	{ "回复的邮件", SEPARATOR_REPLY },
	{ "转发邮件信息", SEPARATOR_FORWARD },
	{ "转发的邮件", SEPARATOR_FORWARD },
	{ "已转发邮件", SEPARATOR_FORWARD },
	{ "转发邮件", SEPARATOR_FORWARD },
	{ "开始转发的邮件", SEPARATOR_FORWARD },
	{ "原始郵件", SEPARATOR_REPLY },
	{ "原始訊息", SEPARATOR_REPLY },
	{ "轉寄郵件", SEPARATOR_FORWARD },
	{ "轉寄的郵件", SEPARATOR_FORWARD },
	{ "轉寄信件", SEPARATOR_FORWARD },
	{ "開始轉寄郵件", SEPARATOR_FORWARD },
	/* Japanese, Korean */
	{ "元のメッセージ", SEPARATOR_REPLY },
	{ "元のメール", SEPARATOR_REPLY },
	{ "転送メッセージ", SEPARATOR_FORWARD },
	{ "転送されたメッセージ", SEPARATOR_FORWARD },
	{ "원본 메시지", SEPARATOR_REPLY },
	{ "원본 메일", SEPARATOR_REPLY },
	{ "원본메일", SEPARATOR_REPLY },
	{ "전달된 메시지", SEPARATOR_FORWARD },
	{ "전달된 메일", SEPARATOR_FORWARD },
	{ "전달된 메시지 시작", SEPARATOR_FORWARD },
	/* Vietnamese, Indonesian, Malay, Thai, Hindi */
	{ "thư gốc", SEPARATOR_REPLY },
	{ "tin nhắn gốc", SEPARATOR_REPLY },
	{ "thư đã chuyển tiếp", SEPARATOR_FORWARD },
	{ "bắt đầu thư được chuyển tiếp", SEPARATOR_FORWARD },
	{ "pesan asli", SEPARATOR_REPLY },
	{ "pesan terusan", SEPARATOR_FORWARD },
	{ "pesan yang diteruskan", SEPARATOR_FORWARD },
	{ "mesej asal", SEPARATOR_REPLY },
	{ "ข้อความต้นฉบับ", SEPARATOR_REPLY },
	{ "ข้อความเดิม", SEPARATOR_REPLY },
	{ "ข้อความที่ส่งต่อ", SEPARATOR_FORWARD },
	{ "मूल संदेश", SEPARATOR_REPLY },
	{ "अग्रेषित संदेश", SEPARATOR_FORWARD },
};

/* Lines that other desks put above their own mails; found anywhere in a line
 * that is not longer than SEPARATOR_LINE_MAX. */
static const WordRow above_lines[] = {
	{ "reply above this line", WORD_PART },
	{ "type your reply above this line", WORD_PART },
	{ "write above this line", WORD_PART },
	{ "above this line to reply", WORD_PART },
	{ "reply above the line", WORD_PART },
	{ "responda encima de esta línea", WORD_PART },
	{ "respuesta por encima de esta línea", WORD_PART },
	{ "escriba su respuesta encima de esta", WORD_PART },
	{ "responda acima desta linha", WORD_PART },
	{ "resposta acima desta linha", WORD_PART },
	{ "répondre au-dessus de cette ligne", WORD_PART },
	{ "réponse au-dessus de cette ligne", WORD_PART },
	{ "antworten sie oberhalb dieser", WORD_PART },
	{ "antwort oberhalb dieser", WORD_PART },
	{ "antwort über dieser", WORD_PART },
	{ "rispondi sopra questa", WORD_PART },
	{ "antwoord boven deze", WORD_PART },
	{ "svara ovanför denna", WORD_PART },
	{ "svar over denne linje", WORD_PART },
	{ "odpowiedź powyżej tej linii", WORD_PART },
	{ "ответ выше этой строки", WORD_PART },
	{ "ответ выше этой линии", WORD_PART },
};
#define SEPARATOR_LINE_MAX 160

/* ---- header names --------------------------------------------------------
 *
 * As Outlook (Windows, Mac, web, mobile), Gmail, Apple Mail, Thunderbird,
 * Yahoo, Zimbra, Notes and Samsung write them above an older mail. */
typedef struct HeaderRow {
	const char *text;
	HeaderRole role;
} HeaderRow;

static const HeaderRow headers[] = {
	/* English */
	{ "from", HEADER_FROM },
	{ "sender", HEADER_FROM },
	{ "sent by", HEADER_FROM },
	{ "sent", HEADER_DATE },
	{ "sent on", HEADER_DATE },
	{ "date", HEADER_DATE },
	{ "to", HEADER_TO },
	{ "sent to", HEADER_TO },
	{ "cc", HEADER_CC },
	{ "bcc", HEADER_CC },
	{ "subject", HEADER_SUBJECT },
	{ "reply-to", HEADER_OTHER },
	{ "reply to", HEADER_OTHER },
	{ "importance", HEADER_OTHER },
	{ "priority", HEADER_OTHER },
	{ "attachments", HEADER_OTHER },
	{ "organization", HEADER_OTHER },
	{ "message-id", HEADER_OTHER },
	{ "mailed-by", HEADER_OTHER },
	{ "signed-by", HEADER_OTHER },
	{ "when", HEADER_OTHER },  /* appointments */
	{ "where", HEADER_OTHER }, /* appointments */
	/* Spanish, Portuguese, Catalan, Galician */
	{ "de", HEADER_FROM },
	{ "remitente", HEADER_FROM },
	{ "remetente", HEADER_FROM },
	{ "enviado", HEADER_DATE },
	{ "enviado el", HEADER_DATE },
	{ "enviado em", HEADER_DATE },
	{ "enviada", HEADER_DATE },
	{ "enviada em", HEADER_DATE },
	{ "enviada el", HEADER_DATE },
	{ "enviat", HEADER_DATE },
	{ "enviat el", HEADER_DATE },
	{ "fecha", HEADER_DATE },
	{ "fecha de envío", HEADER_DATE },
	{ "data", HEADER_DATE },
	{ "data de envio", HEADER_DATE },
	{ "para", HEADER_TO },
	{ "per a", HEADER_TO },
	{ "per", HEADER_TO },
	{ "a", HEADER_TO },
	{ "destinatario", HEADER_TO },
	{ "destinatário", HEADER_TO },
	{ "copia", HEADER_CC },
	{ "cópia", HEADER_CC },
	{ "con copia", HEADER_CC },
	{ "asunto", HEADER_SUBJECT },
	{ "assunto", HEADER_SUBJECT },
	{ "assumpte", HEADER_SUBJECT },
	{ "tema", HEADER_SUBJECT },
	{ "responder a", HEADER_OTHER },
	{ "importancia", HEADER_OTHER },
	{ "prioridad", HEADER_OTHER },
	{ "datos adjuntos", HEADER_OTHER },
	{ "archivos adjuntos", HEADER_OTHER },
	{ "anexos", HEADER_OTHER },
	{ "cuando", HEADER_OTHER },
	{ "ubicación", HEADER_OTHER },
	/* Basque */
	{ "nork", HEADER_FROM },
	{ "nondik", HEADER_FROM },
	{ "bidaltzailea", HEADER_FROM },
	{ "bidalia", HEADER_DATE },
	{ "bidaltze-data", HEADER_DATE },
	{ "nori", HEADER_TO },
	{ "hartzailea", HEADER_TO },
	{ "gaia", HEADER_SUBJECT },
	/* French */
	{ "expéditeur", HEADER_FROM },
	{ "envoyé", HEADER_DATE },
	{ "envoyé le", HEADER_DATE },
	{ "envoyé par", HEADER_FROM },
	{ "date d'envoi", HEADER_DATE },
	{ "message du", HEADER_DATE }, /* Orange */
	{ "à", HEADER_TO },
	{ "pour", HEADER_TO },
	{ "destinataire", HEADER_TO },
	{ "destinataires", HEADER_TO },
	{ "copie", HEADER_CC },
	{ "copie à", HEADER_CC },
	{ "objet", HEADER_SUBJECT },
	{ "sujet", HEADER_SUBJECT },
	{ "répondre à", HEADER_OTHER },
	{ "pièces jointes", HEADER_OTHER },
	/* Italian */
	{ "da", HEADER_FROM },
	{ "mittente", HEADER_FROM },
	{ "inviato", HEADER_DATE },
	{ "inviata", HEADER_DATE },
	{ "oggetto", HEADER_SUBJECT },
	{ "rispondi a", HEADER_OTHER },
	{ "risposta", HEADER_OTHER },
	{ "allegati", HEADER_OTHER },
	/* Romanian */
	{ "de la", HEADER_FROM },
	{ "expeditor", HEADER_FROM },
	{ "trimis", HEADER_DATE },
	{ "către", HEADER_TO },
	{ "catre", HEADER_TO },
	{ "pentru", HEADER_TO },
	{ "subiect", HEADER_SUBJECT },
	/* German */
	{ "von", HEADER_FROM },
	{ "absender", HEADER_FROM },
	{ "gesendet", HEADER_DATE },
	{ "gesendet am", HEADER_DATE },
	{ "datum", HEADER_DATE },
	{ "an", HEADER_TO },
	{ "empfänger", HEADER_TO },
	{ "kopie", HEADER_CC },
	{ "kopie an", HEADER_CC },
	{ "betreff", HEADER_SUBJECT },
	{ "antwort an", HEADER_OTHER },
	{ "wichtigkeit", HEADER_OTHER },
	{ "priorität", HEADER_OTHER },
	{ "anlagen", HEADER_OTHER },
	/* Dutch, Afrikaans */
	{ "van", HEADER_FROM },
	{ "afzender", HEADER_FROM },
	{ "verzonden", HEADER_DATE },
	{ "verstuurd", HEADER_DATE },
	{ "aan", HEADER_TO },
	{ "ontvanger", HEADER_TO },
	{ "onderwerp", HEADER_SUBJECT },
	{ "gestuur", HEADER_DATE },
	{ "onderwerp", HEADER_SUBJECT },
	/* Swedish, Danish, Norwegian, Icelandic */
	{ "från", HEADER_FROM },
	{ "avsändare", HEADER_FROM },
	{ "skickat", HEADER_DATE },
	{ "till", HEADER_TO },
	{ "kopia", HEADER_CC },
	{ "kopia till", HEADER_CC },
	{ "ämne", HEADER_SUBJECT },
	{ "fra", HEADER_FROM },
	{ "afsender", HEADER_FROM },
	{ "avsender", HEADER_FROM },
	{ "sendt", HEADER_DATE },
	{ "dato", HEADER_DATE },
	{ "til", HEADER_TO },
	{ "kopi", HEADER_CC },
	{ "kopi til", HEADER_CC },
	{ "emne", HEADER_SUBJECT },
	{ "frá", HEADER_FROM },
	{ "dagsetning", HEADER_DATE },
	{ "efni", HEADER_SUBJECT },
	/* Finnish */
	{ "lähettäjä", HEADER_FROM },
	{ "lähetetty", HEADER_DATE },
	{ "päivämäärä", HEADER_DATE },
	{ "päiväys", HEADER_DATE },
	{ "pvm", HEADER_DATE },
	{ "vastaanottaja", HEADER_TO },
	{ "kopio", HEADER_CC },
	{ "aihe", HEADER_SUBJECT },
	/* Estonian, Latvian, Lithuanian */
	{ "saatja", HEADER_FROM },
	{ "kellelt", HEADER_FROM },
	{ "saadetud", HEADER_DATE },
	{ "kuupäev", HEADER_DATE },
	{ "adressaat", HEADER_TO },
	{ "kellele", HEADER_TO },
	{ "saaja", HEADER_TO },
	{ "teema", HEADER_SUBJECT },
	{ "no", HEADER_FROM },
	{ "sūtītājs", HEADER_FROM },
	{ "nosūtīts", HEADER_DATE },
	{ "datums", HEADER_DATE },
	{ "kam", HEADER_TO },
	{ "adresāts", HEADER_TO },
	{ "temats", HEADER_SUBJECT },
	{ "tēma", HEADER_SUBJECT },
	{ "nuo", HEADER_FROM },
	{ "siuntėjas", HEADER_FROM },
	{ "išsiųsta", HEADER_DATE },
	{ "kam", HEADER_TO },
	{ "gavėjas", HEADER_TO },
	/* Polish */
	{ "od", HEADER_FROM },
	{ "nadawca", HEADER_FROM },
	{ "wysłano", HEADER_DATE },
	{ "wysłane", HEADER_DATE },
	{ "data wysłania", HEADER_DATE },
	{ "do", HEADER_TO },
	{ "adresat", HEADER_TO },
	{ "odbiorca", HEADER_TO },
	{ "dw", HEADER_CC },
	{ "temat", HEADER_SUBJECT },
	/* Czech, Slovak */
	{ "odesílatel", HEADER_FROM },
	{ "odosielateľ", HEADER_FROM },
	{ "odesláno", HEADER_DATE },
	{ "odoslané", HEADER_DATE },
	{ "dátum", HEADER_DATE },
	{ "komu", HEADER_TO },
	{ "příjemce", HEADER_TO },
	{ "adresát", HEADER_TO },
	{ "kópia", HEADER_CC },
	{ "předmět", HEADER_SUBJECT },
	{ "predmet", HEADER_SUBJECT },
	/* Hungarian */
	{ "feladó", HEADER_FROM },
	{ "küldő", HEADER_FROM },
	{ "elküldve", HEADER_DATE },
	{ "küldve", HEADER_DATE },
	{ "küldés dátuma", HEADER_DATE },
	{ "címzett", HEADER_TO },
	{ "másolatot kap", HEADER_CC },
	{ "másolat", HEADER_CC },
	{ "tárgy", HEADER_SUBJECT },
	/* Slovene, Croatian, Serbian, Bosnian */
	{ "pošiljatelj", HEADER_FROM },
	{ "šalje", HEADER_FROM },
	{ "poslano", HEADER_DATE },
	{ "poslato", HEADER_DATE },
	{ "za", HEADER_TO },
	{ "prima", HEADER_TO },
	{ "prejemnik", HEADER_TO },
	{ "kome", HEADER_TO },
	{ "zadeva", HEADER_SUBJECT },
	{ "naslov", HEADER_SUBJECT },
	{ "шаље", HEADER_FROM },
	{ "послато", HEADER_DATE },
	{ "датум", HEADER_DATE },
	{ "за", HEADER_TO },
	{ "наслов", HEADER_SUBJECT },
	/* Russian, Ukrainian, Bulgarian */
	{ "от", HEADER_FROM },
	{ "от кого", HEADER_FROM },
	{ "отправитель", HEADER_FROM },
	{ "отправлено", HEADER_DATE },
	{ "дата", HEADER_DATE },
	{ "кому", HEADER_TO },
	{ "получатель", HEADER_TO },
	{ "копия", HEADER_CC },
	{ "тема", HEADER_SUBJECT },
	{ "від", HEADER_FROM },
	{ "від кого", HEADER_FROM },
	{ "відправник", HEADER_FROM },
	{ "надіслано", HEADER_DATE },
	{ "відправлено", HEADER_DATE },
	{ "копія", HEADER_CC },
	{ "изпратено", HEADER_DATE },
	{ "до", HEADER_TO },
	{ "относно", HEADER_SUBJECT },
	/* Greek */
	{ "από", HEADER_FROM },
	{ "αποστολέας", HEADER_FROM },
	{ "εστάλη", HEADER_DATE },
	{ "στάλθηκε", HEADER_DATE },
	{ "ημερομηνία", HEADER_DATE },
	{ "προς", HEADER_TO },
	{ "κοιν", HEADER_CC },
	{ "κοιν.", HEADER_CC },
	{ "κοινοποίηση", HEADER_CC },
	{ "θέμα", HEADER_SUBJECT },
	/* Turkish */
	{ "kimden", HEADER_FROM },
	{ "gönderen", HEADER_FROM },
	{ "gönderildi", HEADER_DATE },
	{ "gönderme tarihi", HEADER_DATE },
	{ "gönderim tarihi", HEADER_DATE },
	{ "tarih", HEADER_DATE },
	{ "kime", HEADER_TO },
	{ "alıcı", HEADER_TO },
	{ "bilgi", HEADER_CC },
	{ "konu", HEADER_SUBJECT },
	/* Hebrew */
	{ "מאת", HEADER_FROM },
	{ "נשלח", HEADER_DATE },
	{ "תאריך", HEADER_DATE },
	{ "אל", HEADER_TO },
	{ "עותק", HEADER_CC },
	{ "נושא", HEADER_SUBJECT },
	/* Arabic, Persian */
	{ "من", HEADER_FROM },
	{ "المرسل", HEADER_FROM },
	{ "تاريخ الإرسال", HEADER_DATE },
	{ "التاريخ", HEADER_DATE },
	{ "تم الإرسال", HEADER_DATE },
	{ "مرسل", HEADER_DATE },
	{ "إلى", HEADER_TO },
	{ "نسخة", HEADER_CC },
	{ "الموضوع", HEADER_SUBJECT },
	{ "از", HEADER_FROM },
	{ "فرستنده", HEADER_FROM },
	{ "تاریخ", HEADER_DATE },
	{ "ارسال شده", HEADER_DATE },
	{ "به", HEADER_TO },
	{ "گیرنده", HEADER_TO },
	{ "موضوع", HEADER_SUBJECT },
	/* Chinese */
	{ "发件人", HEADER_FROM },
	{ "发信人", HEADER_FROM },
	{ "发送时间", HEADER_DATE },
	{ "发送日期", HEADER_DATE },
	{ "日期", HEADER_DATE },
	{ "收件人", HEADER_TO },
	{ "收信人", HEADER_TO },
	{ "抄送", HEADER_CC },
	{ "抄送人", HEADER_CC },
	{ "主题", HEADER_SUBJECT },
	{ "寄件者", HEADER_FROM },
	{ "寄件人", HEADER_FROM },
	{ "寄件日期", HEADER_DATE },
	{ "傳送時間", HEADER_DATE },
	{ "收件者", HEADER_TO },
	{ "副本", HEADER_CC },
	{ "主旨", HEADER_SUBJECT },
	{ "主題", HEADER_SUBJECT },
	/* Japanese */
	{ "差出人", HEADER_FROM },
	{ "送信者", HEADER_FROM },
	{ "送信元", HEADER_FROM },
	{ "送信日時", HEADER_DATE },
	{ "日付", HEADER_DATE },
	{ "日時", HEADER_DATE },
	{ "宛先", HEADER_TO },
	{ "件名", HEADER_SUBJECT },
	/* Korean */
	{ "보낸 사람", HEADER_FROM },
	{ "보낸사람", HEADER_FROM },
	{ "발신인", HEADER_FROM },
	{ "보낸 날짜", HEADER_DATE },
	{ "보낸날짜", HEADER_DATE },
	{ "날짜", HEADER_DATE },
	{ "받는 사람", HEADER_TO },
	{ "받는사람", HEADER_TO },
	{ "참조", HEADER_CC },
	{ "제목", HEADER_SUBJECT },
	/* Vietnamese, Indonesian, Malay, Thai, Hindi */
	{ "từ", HEADER_FROM },
	{ "người gửi", HEADER_FROM },
	{ "đã gửi", HEADER_DATE },
	{ "gửi", HEADER_DATE },
	{ "ngày", HEADER_DATE },
	{ "ngày gửi", HEADER_DATE },
	{ "đến", HEADER_TO },
	{ "tới", HEADER_TO },
	{ "người nhận", HEADER_TO },
	{ "chủ đề", HEADER_SUBJECT },
	{ "dari", HEADER_FROM },
	{ "daripada", HEADER_FROM },
	{ "terkirim", HEADER_DATE },
	{ "dikirim", HEADER_DATE },
	{ "dihantar", HEADER_DATE },
	{ "tanggal", HEADER_DATE },
	{ "tarikh", HEADER_DATE },
	{ "kepada", HEADER_TO },
	{ "untuk", HEADER_TO },
	{ "subjek", HEADER_SUBJECT },
	{ "perihal", HEADER_SUBJECT },
	{ "judul", HEADER_SUBJECT },
	{ "จาก", HEADER_FROM },
	{ "ส่ง", HEADER_DATE },
	{ "ส่งเมื่อ", HEADER_DATE },
	{ "วันที่", HEADER_DATE },
	{ "ถึง", HEADER_TO },
	{ "สำเนา", HEADER_CC },
	{ "เรื่อง", HEADER_SUBJECT },
	{ "प्रेषक", HEADER_FROM },
	{ "दिनांक", HEADER_DATE },
	{ "प्रति", HEADER_TO },
	{ "विषय", HEADER_SUBJECT },
};

/* ---- telephones ---- */

typedef enum TaglinePlace {
	TAGLINE_WHOLE,  /* the line is this */
	TAGLINE_START,  /* the line begins so and is short */
	TAGLINE_DEVICE, /* begins so; a device or a program must follow */
	TAGLINE_BRIEF,  /* the same in three words at most */
	TAGLINE_END,    /* the line ends so */
	TAGLINE_GERMAN, /* begins so and ends with "gesendet" */
} TaglinePlace;

typedef struct TaglineRow {
	const char *text;
	TaglinePlace place;
} TaglineRow;

static const TaglineRow taglines[] = {
	/* English */
	{ "sent from my", TAGLINE_DEVICE },
	{ "sent from a", TAGLINE_DEVICE },
	{ "sent from", TAGLINE_DEVICE },
	{ "sent via", TAGLINE_DEVICE },
	{ "sent with", TAGLINE_DEVICE },
	{ "sent using", TAGLINE_DEVICE },
	{ "sent by", TAGLINE_DEVICE },
	{ "sent on my", TAGLINE_DEVICE },
	{ "from my", TAGLINE_BRIEF },
	{ "get outlook for", TAGLINE_START },
	{ "get [outlook for", TAGLINE_START },
	{ "get bluemail for", TAGLINE_START },
	{ "get typeapp for", TAGLINE_START },
	{ "download outlook for", TAGLINE_START },
	{ "yahoo mail: search, organize, conquer", TAGLINE_START },
	{ "this email has been checked for viruses by", TAGLINE_START },
	{ "virus-free.", TAGLINE_START },
	{ "from mobile", TAGLINE_END },
	/* Spanish */
	{ "enviado desde mi", TAGLINE_DEVICE },
	{ "enviado desde", TAGLINE_DEVICE },
	{ "enviado con", TAGLINE_DEVICE },
	{ "enviado de mi", TAGLINE_DEVICE },
	{ "enviado mediante", TAGLINE_DEVICE },
	{ "enviado a través de", TAGLINE_DEVICE },
	{ "obtener outlook para", TAGLINE_START },
	{ "obtén outlook para", TAGLINE_START },
	{ "descargar outlook para", TAGLINE_START },
	{ "libre de virus.", TAGLINE_START },
	/* Portuguese */
	{ "enviado do meu", TAGLINE_DEVICE },
	{ "enviado a partir do meu", TAGLINE_DEVICE },
	{ "enviado do", TAGLINE_DEVICE },
	{ "enviado pelo", TAGLINE_DEVICE },
	{ "enviado por", TAGLINE_DEVICE },
	{ "enviada do meu", TAGLINE_DEVICE },
	{ "obter o outlook para", TAGLINE_START },
	{ "obter outlook para", TAGLINE_START },
	{ "baixe o outlook para", TAGLINE_START },
	{ "livre de vírus.", TAGLINE_START },
	/* Catalan, Galician, Basque */
	{ "enviat des del meu", TAGLINE_DEVICE },
	{ "enviat des de", TAGLINE_DEVICE },
	{ "enviado dende o meu", TAGLINE_DEVICE },
	{ "enviado dende", TAGLINE_DEVICE },
	{ "nire iphonetik bidalia", TAGLINE_WHOLE },
	/* French */
	{ "envoyé de mon", TAGLINE_DEVICE },
	{ "envoyé depuis mon", TAGLINE_DEVICE },
	{ "envoyé depuis", TAGLINE_DEVICE },
	{ "envoyé à partir de", TAGLINE_DEVICE },
	{ "envoyé à partir d'", TAGLINE_DEVICE },
	{ "envoyé avec", TAGLINE_DEVICE },
	{ "envoyé via", TAGLINE_DEVICE },
	{ "télécharger outlook pour", TAGLINE_START },
	{ "obtenez outlook pour", TAGLINE_START },
	{ "obtenir outlook pour", TAGLINE_START },
	{ "garanti sans virus", TAGLINE_START },
	/* Italian */
	{ "inviato da", TAGLINE_DEVICE },
	{ "inviato dal mio", TAGLINE_DEVICE },
	{ "inviato con", TAGLINE_DEVICE },
	{ "scarica outlook per", TAGLINE_START },
	{ "ottieni outlook per", TAGLINE_START },
	{ "privo di virus.", TAGLINE_START },
	/* Romanian */
	{ "trimis de pe", TAGLINE_DEVICE },
	{ "trimis din", TAGLINE_DEVICE },
	/* German */
	{ "von meinem", TAGLINE_GERMAN },
	{ "von meiner", TAGLINE_GERMAN },
	{ "von unterwegs gesendet", TAGLINE_WHOLE },
	{ "gesendet von meinem", TAGLINE_DEVICE },
	{ "gesendet von", TAGLINE_DEVICE },
	{ "gesendet mit", TAGLINE_DEVICE },
	{ "gesendet über", TAGLINE_DEVICE },
	{ "gesendet aus", TAGLINE_DEVICE },
	{ "diese nachricht wurde von meinem", TAGLINE_GERMAN },
	{ "diese mail wurde von meinem", TAGLINE_GERMAN },
	{ "holen sie sich outlook für", TAGLINE_START },
	{ "outlook für android beziehen", TAGLINE_START },
	{ "outlook für ios beziehen", TAGLINE_START },
	{ "virenfrei.", TAGLINE_START },
	/* Dutch */
	{ "verzonden vanaf mijn", TAGLINE_DEVICE },
	{ "verstuurd vanaf mijn", TAGLINE_DEVICE },
	{ "verzonden vanaf", TAGLINE_DEVICE },
	{ "verstuurd vanaf", TAGLINE_DEVICE },
	{ "verzonden met", TAGLINE_DEVICE },
	{ "verstuurd met", TAGLINE_DEVICE },
	{ "verzonden via", TAGLINE_DEVICE },
	{ "outlook voor ios downloaden", TAGLINE_START },
	{ "outlook voor android downloaden", TAGLINE_START },
	{ "download outlook voor", TAGLINE_START },
	/* Swedish */
	{ "skickat från min", TAGLINE_DEVICE },
	{ "skickat från", TAGLINE_DEVICE },
	{ "skickat med", TAGLINE_DEVICE },
	{ "hämta outlook för", TAGLINE_START },
	/* Danish, Norwegian */
	{ "sendt fra min", TAGLINE_DEVICE },
	{ "sendt fra", TAGLINE_DEVICE },
	{ "sendt med", TAGLINE_DEVICE },
	{ "hent outlook til", TAGLINE_START },
	{ "få outlook til", TAGLINE_START },
	{ "skaff deg outlook for", TAGLINE_START },
	{ "last ned outlook for", TAGLINE_START },
	/* Finnish */
	{ "lähetetty iphonesta", TAGLINE_WHOLE },
	{ "lähetetty ipadista", TAGLINE_WHOLE },
	{ "lähetetty", TAGLINE_DEVICE },
	{ "hanki outlook", TAGLINE_START },
	/* Estonian, Latvian, Lithuanian */
	{ "saadetud minu", TAGLINE_DEVICE },
	{ "nosūtīts no mana", TAGLINE_DEVICE },
	{ "išsiųsta iš mano", TAGLINE_DEVICE },
	/* Polish */
	{ "wysłane z", TAGLINE_DEVICE },
	{ "wysłano z", TAGLINE_DEVICE },
	{ "wysłane przy użyciu", TAGLINE_DEVICE },
	{ "pobierz outlook dla", TAGLINE_START },
	{ "pobierz program outlook", TAGLINE_START },
	{ "wolny od wirusów.", TAGLINE_START },
	/* Czech, Slovak */
	{ "odesláno z", TAGLINE_DEVICE },
	{ "odesláno ze", TAGLINE_DEVICE },
	{ "odoslané z", TAGLINE_DEVICE },
	{ "odoslané zo", TAGLINE_DEVICE },
	{ "získejte outlook pro", TAGLINE_START },
	{ "získajte outlook pre", TAGLINE_START },
	/* Hungarian */
	{ "iphone-ról küldve", TAGLINE_END },
	{ "küldve az", TAGLINE_DEVICE },
	{ "iphone-omról küldve", TAGLINE_END },
	/* Slovene, Croatian, Serbian */
	{ "poslano iz", TAGLINE_DEVICE },
	{ "poslano s mojeg", TAGLINE_DEVICE },
	{ "poslano z mojega", TAGLINE_DEVICE },
	{ "poslato sa", TAGLINE_DEVICE },
	/* Russian, Ukrainian, Bulgarian */
	{ "отправлено с", TAGLINE_DEVICE },
	{ "отправлено из", TAGLINE_DEVICE },
	{ "отправлено от", TAGLINE_DEVICE },
	{ "скачать outlook для", TAGLINE_START },
	{ "получить outlook для", TAGLINE_START },
	{ "без вирусов.", TAGLINE_START },
	{ "надіслано з", TAGLINE_DEVICE },
	{ "надіслано із", TAGLINE_DEVICE },
	{ "відправлено з", TAGLINE_DEVICE },
	{ "изпратено от моя", TAGLINE_DEVICE },
	{ "изпратено от", TAGLINE_DEVICE },
	/* Greek */
	{ "στάλθηκε από το", TAGLINE_DEVICE },
	{ "στάλθηκε από", TAGLINE_DEVICE },
	{ "εστάλη από", TAGLINE_DEVICE },
	/* Turkish */
	{ "iphone'umdan gönderildi", TAGLINE_END },
	{ "ipad'imden gönderildi", TAGLINE_END },
	{ "mdan gönderildi", TAGLINE_END },
	{ "mden gönderildi", TAGLINE_END },
	/* Hebrew, Arabic, Persian */
	{ "נשלח מה-", TAGLINE_START },
	{ "נשלח מהאייפון", TAGLINE_START },
	{ "נשלח מ", TAGLINE_START },
	{ "أرسلت من", TAGLINE_START },
	{ "تم الإرسال من", TAGLINE_START },
	{ "ارسال شده از", TAGLINE_START },
	/* Chinese, Japanese, Korean */
	{ "发自我的", TAGLINE_START },
	{ "發自我的", TAGLINE_START },
	{ "從我的", TAGLINE_DEVICE },
	{ "从我的", TAGLINE_DEVICE },
	{ "获取 outlook", TAGLINE_START },
	{ "iphoneから送信", TAGLINE_END },
	{ "ipadから送信", TAGLINE_END },
	{ "から送信", TAGLINE_END },
	{ "나의 iphone에서 보냄", TAGLINE_END },
	{ "에서 보냄", TAGLINE_END },
	{ "에서 보낸 메일", TAGLINE_END },
	/* Vietnamese, Indonesian, Thai */
	{ "được gửi từ", TAGLINE_DEVICE },
	{ "đã gửi từ", TAGLINE_DEVICE },
	{ "dikirim dari", TAGLINE_DEVICE },
	{ "terkirim dari", TAGLINE_DEVICE },
	{ "dihantar daripada", TAGLINE_DEVICE },
	{ "ส่งจาก", TAGLINE_START },
};

/* Words of which one follows in a TAGLINE_DEVICE line, in any language. */
static const WordRow devices[] = {
	{ "iphon", WORD_PART },
	{ "ipad", WORD_PART },
	{ "ipod", WORD_PART },
	{ "android", WORD_PART },
	{ "samsung", WORD_PART },
	{ "galaxy", WORD_PART },
	{ "blackberry", WORD_PART },
	{ "huawei", WORD_PART },
	{ "xiaomi", WORD_PART },
	{ "redmi", WORD_PART },
	{ "nokia", WORD_PART },
	{ "motorola", WORD_PART },
	{ "moto ", WORD_PART },
	{ "htc", WORD_PART },
	{ "sony", WORD_PART },
	{ "xperia", WORD_PART },
	{ "oneplus", WORD_PART },
	{ "oppo", WORD_PART },
	{ "pixel", WORD_WHOLE },
	{ "nexus", WORD_PART },
	{ "wiko", WORD_PART },
	{ "alcatel", WORD_PART },
	{ "lumia", WORD_PART },
	{ "honor", WORD_WHOLE },
	{ "windows", WORD_PART },
	{ "macbook", WORD_PART },
	{ "imac", WORD_WHOLE },
	{ "apple watch", WORD_PART },
	{ "outlook", WORD_PART },
	{ "mail for windows", WORD_PART },
	{ "yahoo", WORD_PART },
	{ "gmail", WORD_PART },
	{ "aol", WORD_WHOLE },
	{ "proton", WORD_PART },
	{ "tuta", WORD_PART },
	{ "mailbox", WORD_PART },
	{ "airmail", WORD_PART },
	{ "sparrow", WORD_PART },
	{ "acompli", WORD_PART },
	{ "typeapp", WORD_PART },
	{ "bluemail", WORD_PART },
	{ "blue mail", WORD_PART },
	{ "k-9", WORD_PART },
	{ "spark", WORD_WHOLE },
	{ "canary", WORD_PART },
	{ "superhuman", WORD_PART },
	{ "polymail", WORD_PART },
	{ "mailspring", WORD_PART },
	{ "thunderbird", WORD_PART },
	{ "em client", WORD_PART },
	{ "newton", WORD_WHOLE },
	{ "edison", WORD_WHOLE },
	{ "nine", WORD_WHOLE },
	{ "zimbra", WORD_PART },
	{ "zoho", WORD_PART },
	{ "gmx", WORD_WHOLE },
	{ "web.de", WORD_PART },
	{ "hey.com", WORD_PART },
	{ "mail.ru", WORD_PART },
	{ "яндекс", WORD_PART },
	{ "yandex", WORD_PART },
	{ "почты", WORD_PART },
	{ "phone", WORD_PART },
	{ "mobile", WORD_PART },
	{ "tablet", WORD_PART },
	{ "cell", WORD_WHOLE },
	{ "handy", WORD_PART },
	{ "smartphone", WORD_PART },
	{ "móvil", WORD_PART },
	{ "celular", WORD_PART },
	{ "teléfono", WORD_PART },
	{ "dispositivo", WORD_PART },
	{ "telemóvel", WORD_PART },
	{ "telefone", WORD_PART },
	{ "téléphone", WORD_PART },
	{ "mobil", WORD_PART },
	{ "mobiel", WORD_PART },
	{ "telefon", WORD_PART },
	{ "gerät", WORD_PART },
	{ "puhelime", WORD_PART },
	{ "телефона", WORD_PART },
	{ "телефону", WORD_PART },
	{ "κινητό", WORD_PART },
	{ "傳送", WORD_PART },
	{ "correo para windows", WORD_PART },
	{ "courrier", WORD_PART },
	{ "app ", WORD_PART },
	{ "webmail", WORD_PART },
};

/* Words that may follow the device in an apology of the same line. */
static const WordRow apologies[] = {
	{ "excuse", WORD_PART },    { "typo", WORD_PART },
	{ "brevity", WORD_PART },   { "sorry", WORD_PART },
	{ "disculp", WORD_PART },   { "brevedad", WORD_PART },
	{ "desculp", WORD_PART },   { "kürze", WORD_PART },
	{ "entschuld", WORD_PART }, { "gesendet", WORD_PART },
	{ "http", WORD_PART },
};
#define TAGLINE_OCTETS_MAX       160
#define TAGLINE_DEVICE_WORDS_MAX 7

/* ---- lawyers -------------------------------------------------------------
 *
 * First words of the paragraphs that mail gateways add behind everything. */
static const WordRow legals[] = {
	{ "confidentiality notice", WORD_WHOLE },
	{ "confidentiality:", WORD_PART },
	{ "confidential:", WORD_PART },
	{ "legal disclaimer", WORD_WHOLE },
	{ "disclaimer:", WORD_PART },
	{ "disclaimer", WORD_WHOLE },
	{ "privileged and confidential", WORD_WHOLE },
	{ "this e-mail and any attachments", WORD_WHOLE },
	{ "this email and any attachments", WORD_WHOLE },
	{ "this e-mail and any files", WORD_WHOLE },
	{ "this email and any files", WORD_WHOLE },
	{ "this email message and any attachments", WORD_WHOLE },
	{ "this message and any attachments", WORD_WHOLE },
	{ "this message (including any attachments)", WORD_PART },
	{ "this e-mail (including any attachments)", WORD_PART },
	{ "this email (including any attachments)", WORD_PART },
	{ "this message is intended only for", WORD_WHOLE },
	{ "this email is intended only for", WORD_WHOLE },
	{ "this e-mail is intended only for", WORD_WHOLE },
	{ "this message contains confidential", WORD_WHOLE },
	{ "this email contains confidential", WORD_WHOLE },
	{ "the information contained in this", WORD_WHOLE },
	{ "the information in this e-mail", WORD_WHOLE },
	{ "the information in this email", WORD_WHOLE },
	{ "the contents of this email", WORD_WHOLE },
	{ "the content of this email", WORD_WHOLE },
	{ "if you are not the intended recipient", WORD_WHOLE },
	{ "please consider the environment before", WORD_WHOLE },
	{ "think before you print", WORD_WHOLE },
	/* Spanish */
	{ "aviso legal", WORD_WHOLE },
	{ "aviso de confidencialidad", WORD_WHOLE },
	{ "aviso de privacidad", WORD_WHOLE },
	{ "cláusula de confidencialidad", WORD_WHOLE },
	{ "nota de confidencialidad", WORD_WHOLE },
	{ "confidencialidad:", WORD_PART },
	{ "este mensaje y sus archivos adjuntos", WORD_WHOLE },
	{ "este mensaje y cualquier archivo adjunto", WORD_WHOLE },
	{ "este mensaje y los archivos adjuntos", WORD_WHOLE },
	{ "este mensaje se dirige exclusivamente", WORD_WHOLE },
	{ "este mensaje va dirigido", WORD_WHOLE },
	{ "este correo electrónico y sus", WORD_WHOLE },
	{ "este correo electrónico contiene información", WORD_WHOLE },
	{ "este correo y sus archivos adjuntos", WORD_WHOLE },
	{ "este e-mail y sus", WORD_WHOLE },
	{ "la información contenida en este", WORD_WHOLE },
	{ "antes de imprimir este", WORD_WHOLE },
	{ "no imprima este correo", WORD_WHOLE },
	{ "por favor, piense en el medio ambiente", WORD_WHOLE },
	/* Portuguese */
	{ "aviso de confidencialidade", WORD_WHOLE },
	{ "esta mensagem e seus anexos", WORD_WHOLE },
	{ "esta mensagem e quaisquer", WORD_WHOLE },
	{ "esta mensagem pode conter", WORD_WHOLE },
	{ "esta mensagem, incluindo seus anexos", WORD_WHOLE },
	{ "as informações contidas nesta", WORD_WHOLE },
	{ "a informação contida nesta", WORD_WHOLE },
	{ "antes de imprimir, pense", WORD_WHOLE },
	/* French */
	{ "ce message et toutes les pièces jointes", WORD_WHOLE },
	{ "ce message et ses pièces jointes", WORD_WHOLE },
	{ "ce courriel et ses pièces jointes", WORD_WHOLE },
	{ "ce message est confidentiel", WORD_WHOLE },
	{ "les informations contenues dans ce", WORD_WHOLE },
	{ "avis de confidentialité", WORD_WHOLE },
	/* Italian */
	{ "le informazioni contenute in questo", WORD_WHOLE },
	{ "le informazioni contenute nella presente", WORD_WHOLE },
	{ "questo messaggio e i suoi allegati", WORD_WHOLE },
	{ "questo messaggio è destinato", WORD_WHOLE },
	{ "avviso di riservatezza", WORD_WHOLE },
	{ "questo messaggio e' stato analizzato", WORD_WHOLE },
	/* German */
	{ "diese e-mail enthält vertrauliche", WORD_WHOLE },
	{ "diese nachricht enthält vertrauliche", WORD_WHOLE },
	{ "diese e-mail und alle anhänge", WORD_WHOLE },
	{ "diese e-mail ist vertraulich", WORD_WHOLE },
	{ "der inhalt dieser e-mail ist", WORD_WHOLE },
	{ "vertraulichkeitshinweis", WORD_WHOLE },
	{ "bitte denken sie an die umwelt", WORD_WHOLE },
	/* Dutch */
	{ "dit bericht en eventuele bijlagen", WORD_WHOLE },
	{ "deze e-mail en eventuele bijlagen", WORD_WHOLE },
	{ "de informatie in dit e-mailbericht", WORD_WHOLE },
	{ "de informatie verzonden met dit", WORD_WHOLE },
	{ "de inhoud van dit bericht is", WORD_WHOLE },
	/* Scandinavian, Finnish */
	{ "detta meddelande är avsett", WORD_WHOLE },
	{ "denna e-post och eventuella", WORD_WHOLE },
	{ "denne e-mail og eventuelle", WORD_WHOLE },
	{ "denne e-posten og eventuelle", WORD_WHOLE },
	{ "tämä viesti ja sen liitteet", WORD_WHOLE },
	{ "tämä viesti on tarkoitettu", WORD_WHOLE },
	/* Polish, Czech, Romanian, Hungarian */
	{ "ta wiadomość i wszelkie załączniki", WORD_WHOLE },
	{ "niniejsza wiadomość", WORD_WHOLE },
	{ "treść tej wiadomości", WORD_WHOLE },
	{ "tato zpráva a všechny přílohy", WORD_WHOLE },
	{ "acest mesaj și orice atașamente", WORD_WHOLE },
	{ "acest e-mail este confidențial", WORD_WHOLE },
	{ "ez az üzenet és annak mellékletei", WORD_WHOLE },
	/* Russian, Turkish, Catalan */
	{ "настоящее сообщение и любые вложения", WORD_WHOLE },
	{ "это сообщение и любые вложения", WORD_WHOLE },
	{ "уведомление о конфиденциальности", WORD_WHOLE },
	{ "bu e-posta ve ekleri", WORD_WHOLE },
	{ "bu mesaj ve ekleri", WORD_WHOLE },
	{ "aquest missatge i els seus", WORD_WHOLE },
	{ "aquest correu electrònic i", WORD_WHOLE },
};

/* ---- lists and other desks ---- */
static const WordRow list_footers[] = {
	{ "mailing list", WORD_PART },
	{ "listinfo", WORD_PART },
	{ "unsubscribe", WORD_PART },
	{ "lista de correo", WORD_PART },
	{ "you received this message because you are subscribed", WORD_PART },
	{ "you are receiving this because", WORD_PART },
	{ "to stop receiving emails from", WORD_PART },
	{ "reply to this email directly or view it on", WORD_PART },
	{ "recibió este mensaje porque está suscrito", WORD_PART },
	{ "darte de baja", WORD_PART },
	{ "vous recevez ce message car", WORD_PART },
	{ "sie erhalten diese nachricht, weil", WORD_PART },
};

/* ---- forwarded subjects ---- */
static const WordRow forward_prefixes[] = {
	{ "fwd:", WORD_PART },         /* English: Gmail, Apple Mail */
	{ "fw:", WORD_PART },          /* English: Outlook */
	{ "rv:", WORD_PART },          /* Spanish: Outlook */
	{ "renv:", WORD_PART },        /* Spanish */
	{ "reenv:", WORD_PART },       /* Spanish */
	{ "rm:", WORD_PART },          /* Spanish: Outlook */
	{ "enc:", WORD_PART },         /* Portuguese: Outlook */
	{ "res: enc:", WORD_PART },    /* Portuguese */
	{ "tr:", WORD_PART },          /* French: Outlook */
	{ "wg:", WORD_PART },          /* German: Outlook */
	{ "i:", WORD_PART },           /* Italian: Outlook */
	{ "r: i:", WORD_PART },        /* Italian */
	{ "doorst:", WORD_PART },      /* Dutch: Outlook */
	{ "vb:", WORD_PART },          /* Swedish: Outlook */
	{ "vs:", WORD_PART },          /* Danish, Norwegian: Outlook */
	{ "vl:", WORD_PART },          /* Finnish: Outlook */
	{ "pd:", WORD_PART },          /* Polish: Outlook */
	{ "fs:", WORD_PART },          /* Icelandic */
	{ "továbbítás:", WORD_PART },  /* Hungarian */
	{ "πρθ:", WORD_PART },         /* Greek: Outlook */
	{ "i̇lt:", WORD_PART },         /* Turkish: Outlook */
	{ "ilt:", WORD_PART },         /* Turkish */
	{ "переслать:", WORD_PART },   /* Russian */
	{ "пересл:", WORD_PART },      /* Ukrainian, Russian */
	{ "הועבר:", WORD_PART },       /* Hebrew */
	{ "إعادة توجيه:", WORD_PART }, /* Arabic */
	{ "转发:", WORD_PART },        /* Chinese */
	{ "轉寄:", WORD_PART },        /* Chinese, traditional */
	{ "転送:", WORD_PART },        /* Japanese */
	{ "전달:", WORD_PART },        /* Korean */
	{ "ct:", WORD_PART },          /* Vietnamese */
	{ "trs:", WORD_PART },         /* Indonesian */
};

/* ---- folding ---- */

static bool
is_ascii(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* length, or a little less where that would cut a character */
static gsize
whole_characters(const char *text, gsize length)
{
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

/* U+2019, as editors write it, to the one of the tables */
static void
plain_apostrophes(char *text)
{
	for (char *p = strstr(text, "’"); p != NULL; p = strstr(p, "’")) {
		*p++ = '\'';
		memmove(p, p + 2, strlen(p + 2) + 1);
	}
}

char *
quote_fold(const char *text, gsize length)
{
	while (length > 0 && g_ascii_isspace(*text))
		text++, length--;
	while (length > 0 && g_ascii_isspace(text[length - 1]))
		length--;
	if (length > QUOTE_MARKER_OCTETS_MAX)
		length = whole_characters(text, QUOTE_PREFIX_OCTETS);
	if (is_ascii(text, length))
		return g_ascii_strdown(text, (gssize)length);
	g_autofree char *copy = g_strndup(text, length);
	char *folded = text_fold(copy);
	plain_apostrophes(folded);
	/* NFKD makes blanks of no-break spaces and accents that stand alone */
	return g_strstrip(folded);
}

static const char *const *
folded_words(FoldedTable *table, const WordRow *rows, gsize count)
{
	if (table->words == NULL) {
		table->words = g_new0(char *, count + 1);
		for (gsize i = 0; i < count; i++)
			table->words[i] = text_fold(rows[i].text);
		table->count = count;
	}
	return (const char *const *)table->words;
}

#define FOLDED(table, rows) folded_words(&(table), rows, G_N_ELEMENTS(rows))

/* ---- matching ---- */

static bool
is_letter_before(const char *text, const char *at)
{
	if (at == text)
		return false;
	return g_unichar_isalpha(g_utf8_get_char(g_utf8_prev_char(at)));
}

static bool
fits_place(const char *text, const char *at, gsize length, WordPlace place)
{
	if (place == WORD_PART)
		return true;
	if (is_letter_before(text, at))
		return false;
	/* "d'" is whole whatever follows */
	return place == WORD_STEM || g_ascii_ispunct(at[length - 1]) ||
	       !g_unichar_isalpha(g_utf8_get_char(at + length));
}

/* Which pairs of octets a text has.  Most words of a table fail at their first
 * or second pair, long before anybody searches for them. */
#define PAIRS 512

typedef struct PairSet {
	guint8 has[PAIRS];
} PairSet;

static guint
pair_at(const char *p)
{
	return ((guchar)p[0] * 31u + (guchar)p[1]) % PAIRS;
}

static void
collect_pairs(const char *text, PairSet *out_set)
{
	memset(out_set, 0, sizeof *out_set);
	for (; text[0] != '\0' && text[1] != '\0'; text++)
		out_set->has[pair_at(text)] = 1;
}

static bool
may_have(const PairSet *set, const char *word)
{
	for (; word[0] != '\0' && word[1] != '\0'; word++)
		if (!set->has[pair_at(word)])
			return false;
	return true;
}

/* where word stands in text so, or NULL */
static const char *
find_word(const char *text, const char *word, WordPlace place)
{
	gsize length = strlen(word);

	for (const char *at = strstr(text, word); at != NULL;
	     at = strstr(at + 1, word))
		if (fits_place(text, at, length, place))
			return at;
	return NULL;
}

static bool
has_any(const char *text, const char *const *words, const WordRow *rows,
        gsize count)
{
	PairSet pairs;

	collect_pairs(text, &pairs);
	for (gsize i = 0; i < count; i++)
		if (may_have(&pairs, words[i]) &&
		    find_word(text, words[i], rows[i].place) != NULL)
			return true;
	return false;
}

#define HAS_ANY(text, table, rows) \
	has_any(text, FOLDED(table, rows), rows, G_N_ELEMENTS(rows))

/* the longest row that text begins with: its length, or 0 */
static gsize
begins_with(const char *text, const char *const *words, const WordRow *rows,
            gsize count)
{
	gsize best = 0;

	for (gsize i = 0; i < count; i++) {
		gsize length = strlen(words[i]);

		if (length > best && strncmp(text, words[i], length) == 0 &&
		    fits_place(text, text, length, rows[i].place))
			best = length;
	}
	return best;
}

#define BEGINS_WITH(text, table, rows) \
	begins_with(text, FOLDED(table, rows), rows, G_N_ELEMENTS(rows))

static FoldedTable folded_verbs;

bool
quote_has_verb(const char *folded)
{
	return HAS_ANY(folded, folded_verbs, verbs);
}

bool
quote_ends_with_verb(const char *folded)
{
	const char *const *words = FOLDED(folded_verbs, verbs);
	PairSet pairs;

	collect_pairs(folded, &pairs);
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		const char *at = NULL;

		if (may_have(&pairs, words[i]))
			at = find_word(folded, words[i], verbs[i].place);
		if (at == NULL)
			continue;
		/* nothing but "(a)", ":" and the like may follow */
		const char *rest = at + strlen(words[i]);
		if (strchr(rest, ' ') == NULL && strlen(rest) <= 8)
			return true;
	}
	return false;
}

gsize
quote_lead_in(const char *folded)
{
	static FoldedTable table;

	return BEGINS_WITH(folded, table, lead_ins);
}

gsize
quote_lead_verb(const char *folded)
{
	static FoldedTable table;

	return BEGINS_WITH(folded, table, lead_verbs);
}

/* ---- dashes ---- */

/* U+2010..U+2015, U+2500, U+2501: what editors and Proton make of dashes */
static const char *const wide_dashes[] = { "‐", "‑", "‒", "–",
	                                   "—", "―", "─", "━" };

gsize
quote_dash(const char *p)
{
	if (*p != '\0' && strchr("-_=*~#+", *p) != NULL)
		return 1;
	if ((unsigned char)*p != 0xe2)
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(wide_dashes); i++)
		if (g_str_has_prefix(p, wide_dashes[i]))
			return strlen(wide_dashes[i]);
	return 0;
}

/* the words between the dashes of a line; *out_dashes: how many stood before */
static char *
between_dashes(const char *folded, guint *out_dashes)
{
	const char *p = folded;

	*out_dashes = 0;
	for (gsize size = quote_dash(p); size > 0 || *p == ' ' || *p == '|';
	     size = quote_dash(p)) {
		*out_dashes += size > 0 ? 1 : 0;
		p += size > 0 ? size : 1;
	}
	char *words = g_strdup(p);
	gsize length = strlen(words);
	while (length > 0) {
		const char *last = g_utf8_prev_char(words + length);

		if (quote_dash(last) == 0 && *last != ' ' && *last != '|' &&
		    *last != ':')
			break;
		length = (gsize)(last - words);
		words[length] = '\0';
	}
	return words;
}

static GHashTable *
separator_table(void)
{
	static GHashTable *table;

	if (table != NULL)
		return table;
	table = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize i = 0; i < G_N_ELEMENTS(separators); i++)
		g_hash_table_insert(table, text_fold(separators[i].text),
		                    GINT_TO_POINTER(separators[i].kind));
	return table;
}

SeparatorKind
quote_separator(const char *folded)
{
	static FoldedTable above;
	guint dashes = 0;

	if (*folded == '\0' || strlen(folded) > SEPARATOR_LINE_MAX)
		return SEPARATOR_NONE;
	if (HAS_ANY(folded, above, above_lines))
		return SEPARATOR_ABOVE;
	bool colon = g_str_has_suffix(folded, ":");
	if (!colon && quote_dash(folded) == 0 && *folded != '|')
		return SEPARATOR_NONE;
	g_autofree char *words = between_dashes(folded, &dashes);
	SeparatorKind kind = (SeparatorKind)GPOINTER_TO_INT(
		g_hash_table_lookup(separator_table(), words));
	/* Apple Mail writes "Begin forwarded message:" without dashes */
	if (dashes >= 2 || (kind == SEPARATOR_FORWARD && colon))
		return kind;
	return SEPARATOR_NONE;
}

/* ---- header names ---- */

#define HEADER_NAME_OCTETS_MAX 60

static GHashTable *
header_table(void)
{
	static GHashTable *table;

	if (table != NULL)
		return table;
	table = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
		/* some names are of several languages: the first row counts */
		char *name = text_fold(headers[i].text);

		if (g_hash_table_contains(table, name))
			g_free(name);
		else
			g_hash_table_insert(table, name,
			                    GINT_TO_POINTER(headers[i].role));
	}
	return table;
}

HeaderRole
quote_header(const char *folded, const char **out_value)
{
	char name[HEADER_NAME_OCTETS_MAX + 1];
	const char *start = folded + strspn(folded, "*|_ ");
	const char *colon = strchr(start, ':');

	if (colon == NULL || colon - start > HEADER_NAME_OCTETS_MAX)
		return HEADER_NONE;
	gsize length = (gsize)(colon - start);
	while (length > 0 && strchr("*_ \t", start[length - 1]) != NULL)
		length--;
	memcpy(name, start, length);
	name[length] = '\0';
	HeaderRole role = (HeaderRole)GPOINTER_TO_INT(
		g_hash_table_lookup(header_table(), name));
	if (role != HEADER_NONE && out_value != NULL)
		*out_value = colon + 1 + strspn(colon + 1, "*_ \t");
	return role;
}

/* ---- taglines ---- */

static gsize
count_words(const char *text)
{
	gsize words = 0;

	for (const char *p = text; *p != '\0'; p++)
		if (*p != ' ' && (p == text || p[-1] == ' '))
			words++;
	return words;
}

/* "iphone", "galaxy s5 octacore device", "cell, please excuse any typos" */
static bool
is_device(const char *rest)
{
	static FoldedTable device_words;
	static FoldedTable apology_words;
	g_autofree char *device = g_strndup(rest, strcspn(rest, ",.<([;"));
	const char *behind = rest + strlen(device);

	if (count_words(device) > TAGLINE_DEVICE_WORDS_MAX)
		return false;
	if (!HAS_ANY(*device != '\0' ? device : rest, device_words, devices))
		return false;
	behind += strspn(behind, ",.;!)] ");
	return *behind == '\0' || strchr("<([", *behind) != NULL ||
	       HAS_ANY(behind, apology_words, apologies);
}

/* "sent from my ti-85": any short thing of one's own */
static bool
is_short_thing(const char *rest)
{
	return count_words(rest) <= 4 && strpbrk(rest, ",.;:!?") == NULL;
}

static bool
tagline_fits(const TaglineRow *row, const char *word, const char *line)
{
	gsize length = strlen(word);
	bool begins = strncmp(line, word, length) == 0;
	const char *rest =
		begins ? line + length + strspn(line + length, " ") : "";

	switch (row->place) {
	case TAGLINE_WHOLE:
		return strcmp(line, word) == 0;
	case TAGLINE_START:
		return begins;
	case TAGLINE_DEVICE:
		return begins && fits_place(line, line, length, WORD_WHOLE) &&
		       (is_device(rest) || (strcmp(word, "sent from my") == 0 &&
		                            is_short_thing(rest)));
	case TAGLINE_BRIEF:
		return begins && count_words(rest) <= 3 && is_device(rest);
	case TAGLINE_GERMAN:
		return begins && g_str_has_suffix(line, "gesendet");
	case TAGLINE_END:
		return g_str_has_suffix(line, word) && count_words(line) <= 6;
	}
	g_assert_not_reached();
}

static char **
tagline_words(void)
{
	static char **words;

	if (words != NULL)
		return words;
	words = g_new0(char *, G_N_ELEMENTS(taglines));
	for (gsize i = 0; i < G_N_ELEMENTS(taglines); i++)
		words[i] = text_fold(taglines[i].text);
	return words;
}

bool
quote_is_tagline(const char *folded)
{
	char **words = tagline_words();
	const char *start = folded + strspn(folded, "<([*_- ");
	gsize length = strlen(start);

	if (length == 0 || length > TAGLINE_OCTETS_MAX)
		return false;
	g_autofree char *line = g_strdup(start);
	while (length > 0 && strchr(">)]*_. ", line[length - 1]) != NULL)
		line[--length] = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(taglines); i++)
		if (tagline_fits(&taglines[i], words[i], line))
			return true;
	return false;
}

bool
quote_is_legal(const char *folded)
{
	static FoldedTable table;
	const char *start = folded + strspn(folded, "*_-|>< ");

	return BEGINS_WITH(start, table, legals) > 0;
}

bool
quote_is_list_footer(const char *folded)
{
	static FoldedTable table;

	return HAS_ANY(folded, table, list_footers);
}

bool
quote_is_forward_prefix(const char *folded)
{
	static FoldedTable table;

	return BEGINS_WITH(folded, table, forward_prefixes) > 0;
}
