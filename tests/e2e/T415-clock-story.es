==== 2026-03-06T21:30Z to rosa@acme.test: acknowledgement
Subject: Re: [#1] No network

Responda encima de esta línea [p...]

Hemos recibido su mensaje «No network». Es el caso 1 y alguien le responderá.

Para añadir algo, basta con responder a este correo.

Help desk

==== 2026-03-06T21:30Z to ana@staff.test: notify
Subject: [#1] No network

Responda encima de esta línea [p...]

Caso nuevo 1: No network

De:        <rosa@acme.test>
Caso:      support, incident, normal, new
A cargo:   nadie todavía (level1)
Prueba:    E1: dmarc=pass for the From domain
Mensajes:  1

The network is down.


--
Su respuesta va a quien escribió. Las líneas que la encabezan y empiezan con barra son órdenes:
/take  /assign NOMBRE  /note  /close  /priority low|normal|high|urgent  /queue NOMBRE

==== 2026-03-09T13:30Z to ana@staff.test: escalation
Subject: [#1] No network

Responda encima de esta línea [p...]

El caso 1 necesita atención: No network

- primera respuesta: se ha usado el 50 % del tiempo, vence 2026-03-09 09:30 -05

Cualquier respuesta a este correo dice que usted se ocupa; «/ack 2h» lo deja en silencio dos horas.

De:        <rosa@acme.test>
Caso:      support, incident, normal, new
A cargo:   nadie todavía (level1)
Mensajes:  1

--
Su respuesta va a quien escribió. Las líneas que la encabezan y empiezan con barra son órdenes:
/take  /assign NOMBRE  /note  /close  /priority low|normal|high|urgent  /queue NOMBRE

==== 2026-03-09T14:31Z to boss@staff.test: escalation
Subject: [#1] No network

Responda encima de esta línea [p...]

El caso 1 necesita atención: No network

- primera respuesta: peldaño level-2 de la escalera, venció 2026-03-09 09:30 -05

Cualquier respuesta a este correo dice que usted se ocupa; «/ack 2h» lo deja en silencio dos horas.

De:        <rosa@acme.test>
Caso:      support, incident, normal, new
A cargo:   nadie todavía (level2)
Mensajes:  1

--
Su respuesta va a quien escribió. Las líneas que la encabezan y empiezan con barra son órdenes:
/take  /assign NOMBRE  /note  /close  /priority low|normal|high|urgent  /queue NOMBRE

==== 2026-03-09T14:31Z to eva@staff.test: escalation
Subject: [#1] No network

Responda encima de esta línea [p...]

El caso 1 necesita atención: No network

- primera respuesta: peldaño level-2 de la escalera, venció 2026-03-09 09:30 -05

Cualquier respuesta a este correo dice que usted se ocupa; «/ack 2h» lo deja en silencio dos horas.

De:        <rosa@acme.test>
Caso:      support, incident, normal, new
A cargo:   nadie todavía (level2)
Mensajes:  1

--
Su respuesta va a quien escribió. Las líneas que la encabezan y empiezan con barra son órdenes:
/take  /assign NOMBRE  /note  /close  /priority low|normal|high|urgent  /queue NOMBRE

==== 2026-03-09T15:31Z to boss@staff.test: escalation
Subject: [#1] No network

Responda encima de esta línea [p...]

El caso 1 necesita atención: No network

- primera respuesta: peldaño level-2 de la escalera, venció 2026-03-09 09:30 -05

Cualquier respuesta a este correo dice que usted se ocupa; «/ack 2h» lo deja en silencio dos horas.

De:        <rosa@acme.test>
Caso:      support, incident, normal, new
A cargo:   nadie todavía (level2)
Mensajes:  1

--
Su respuesta va a quien escribió. Las líneas que la encabezan y empiezan con barra son órdenes:
/take  /assign NOMBRE  /note  /close  /priority low|normal|high|urgent  /queue NOMBRE

==== 2026-03-09T15:31Z to eva@staff.test: escalation
Subject: [#1] No network

Responda encima de esta línea [p...]

El caso 1 necesita atención: No network

- primera respuesta: peldaño level-2 de la escalera, venció 2026-03-09 09:30 -05

Cualquier respuesta a este correo dice que usted se ocupa; «/ack 2h» lo deja en silencio dos horas.

De:        <rosa@acme.test>
Caso:      support, incident, normal, new
A cargo:   nadie todavía (level2)
Mensajes:  1

--
Su respuesta va a quien escribió. Las líneas que la encabezan y empiezan con barra son órdenes:
/take  /assign NOMBRE  /note  /close  /priority low|normal|high|urgent  /queue NOMBRE

==== 2026-03-09T15:40Z to eva@staff.test: transcript
Subject: Re: [#1] No network

Responda encima de esta línea [p...]

Sus órdenes se cumplieron.

/ack
    no habrá más avisos
/note
    el texto es una nota para agentes

==== 2026-03-09T18:30Z to rosa@acme.test: reply
Subject: Re: [#1] No network

Responda encima de esta línea [p...]

Please restart the router.

==== 2026-03-09T18:30Z to eva@staff.test: transcript
Subject: Re: [#1] No network

Responda encima de esta línea [p...]

Sus órdenes se cumplieron.

/state pending
    el estado es pending

==== 2026-03-10T15:30Z to eva@staff.test: notify
Subject: [#1] No network

Responda encima de esta línea [p...]

rosa@acme.test escribió en el caso 1: No network

De:        <rosa@acme.test>
Caso:      support, incident, normal, open
A cargo:   eva (level2)
Prueba:    E3: dmarc=pass for the From domain; reply token
Mensajes:  4

It does not help.


--
Su respuesta va a quien escribió. Las líneas que la encabezan y empiezan con barra son órdenes:
/take  /assign NOMBRE  /note  /close  /priority low|normal|high|urgent  /queue NOMBRE

==== 2026-03-11T15:00Z to eva@staff.test: escalation
Subject: [#1] No network

Responda encima de esta línea [p...]

El caso 1 necesita atención: No network

- respuesta: se ha usado el 50 % del tiempo, vence 2026-03-11 10:30 -05
- solución: se ha usado el 50 % del tiempo, vence 2026-03-12 09:30 -05

Cualquier respuesta a este correo dice que usted se ocupa; «/ack 2h» lo deja en silencio dos horas.

De:        <rosa@acme.test>
Caso:      support, incident, normal, open
A cargo:   eva (level2)
Mensajes:  4

--
Su respuesta va a quien escribió. Las líneas que la encabezan y empiezan con barra son órdenes:
/take  /assign NOMBRE  /note  /close  /priority low|normal|high|urgent  /queue NOMBRE

==== 2026-03-11T15:15Z to rosa@acme.test: reply
Subject: Re: [#1] No network

Responda encima de esta línea [p...]

A cable was broken. It works again.

==== 2026-03-11T15:15Z to eva@staff.test: transcript
Subject: Re: [#1] No network

Responda encima de esta línea [p...]

Sus órdenes se cumplieron.

/resolve
    el estado es resolved

