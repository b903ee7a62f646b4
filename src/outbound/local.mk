# src/outbound
libpostigo_a_SOURCES +=
