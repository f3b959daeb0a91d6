package javax.annotation;

/** What the client is marked with (JSR 250): Java has it no longer, and a build takes it from `javax.annotation-api`. */
public @interface Generated {
    String[] value();

    String date() default "";

    String comments() default "";
}
