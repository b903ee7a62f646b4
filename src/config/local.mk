# src/config
libpostigo_a_SOURCES +=
