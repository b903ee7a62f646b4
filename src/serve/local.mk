# src/serve
libpostigo_a_SOURCES +=
