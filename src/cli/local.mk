# src/cli
libpostigo_a_SOURCES +=
