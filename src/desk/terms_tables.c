#include "desk/terms_tables.h"

#include <stddef.h>

/* Articles, pronouns, prepositions, conjunctions and the auxiliary verbs of
 * each language's grammar; "no", "not" and their like are among them, because
 * nearly every question of a help desk has one. */
const SmallWords small_words[] = {
	{ "es", "spanish",
	  " a al algo algun alguna algunas algunos ante antes aqui asi aun"
	  " aunque cada como con cual cuales cuando de del desde donde dos e"
	  " el ella ellas ellos en entre era eran eres es esa esas ese eso"
	  " esos esta estaba estaban estan estar estas este esto estos estoy"
	  " fue fueron ha habia hace hacer haces hacia hago han hasta hay he"
	  " hemos la las le les lo los me mi mis mucho muy nada ni no nos"
	  " nosotros nuestra nuestro o otra otras otro otros para pero poco"
	  " podemos poder podria por porque pude puede pueden puedes puedo"
	  " pues que quien quiere quiero se sea ser si siempre sin sobre"
	  " solo somos son soy su sus tambien tan tanto te tengo tenemos tiene"
	  " tienen todo todos toda todas tu tus un una unas uno unos usted"
	  " ustedes va vez voy y ya yo " },
	{ "en", "english",
	  " a about after again all also am an and any are as at be because"
	  " been before being but by can cannot could d did do does doing"
	  " don down each few for from get gets getting got had has have"
	  " having he her here him his how i if in into is it its just ll m"
	  " me more most my need no nor not now of off on once only or other"
	  " our out over own re s same she should so some such t than that"
	  " the their them then there these they this those through to too"
	  " under until up us ve very want was we were what when where which"
	  " while who why will with would you your " },
	{ "pt", "portuguese",
	  " a ao aos as ate com como da das de dela dele deles depois do dos"
	  " e ela elas ele eles em entre era essa essas esse esses esta"
	  " estamos estao estava este estes estou eu foi foram ha isso isto"
	  " ja lhe mais mas me mesmo meu meus minha minhas muito na nao nas"
	  " nem no nos nossa nosso num numa o os ou para pela pelo por porque"
	  " posso pode podem qual quando que quem sao se sem ser seu seus sim"
	  " so sua suas tambem te tem temos tenho ter teu um uma voce voces"
	  " vou " },
	{ "fr", "french",
	  " a ai ainsi alors apres au aucun aussi aux avant avec avez avoir"
	  " avons c ce ceci cela ces cet cette ceux chez comme comment d dans"
	  " de des deux donc du elle elles en encore entre est et etait etre"
	  " eu fait faire il ils j je l la le les leur leurs lui m ma mais me"
	  " meme mes moi mon n ne ni nos notre nous on ont ou par parce pas"
	  " peu peut peux plus pour pourquoi qu quand que quel quelle qui s sa"
	  " sans se sera ses si son sont sous sur suis ta te tes toi ton tous"
	  " tout toute tres tu un une vos votre vous y " },
	{ "de", "german",
	  " ab aber alle allem allen aller alles als also am an auch auf aus"
	  " bei beim bin bis bitte da dann das dass dein dem den der des die"
	  " dies diese diesem diesen dieser dieses doch du durch ein eine"
	  " einem einen einer eines er es etwas euch fur gegen habe haben hat"
	  " hatte hier ich ihr ihre ihrem ihren im in ist ja jede jeder kann"
	  " kein keine konnen konnte man mehr mein meine meinem meinen mich"
	  " mir mit nach nicht noch nun nur ob oder ohne sehr sein seine seit"
	  " sich sie sind so uber um und uns unser unter vom von vor war was"
	  " wegen wenn wer werden wie wieder will wir wird wo zu zum zur " },
	{ NULL, NULL, NULL },
};

const char polite_words[] =
	" adjunto agradezco ajuda amavel anyone appreciate aviso ayuda ayudar"
	" ayuden beste best bom bonjour bonsoir buen buena buenas bueno buenos"
	" cordial cordialement cordialmente danke dear dia dias equipo estimado"
	" estimados estimada favor freundlichen gracias grusse grussen guten"
	" hallo hello help hey hi hilfe hola kind know let liebe lieber"
	" merci morning muchas obrigada obrigado ola olla please pls por prezado"
	" prezados question regards salut salutations saludo saludos sehr soporte"
	" support tag tarde tardes team thank thanks urgente urgent usual"
	" viele vielen ";
