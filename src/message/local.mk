# src/message
libpostigo_a_SOURCES +=
