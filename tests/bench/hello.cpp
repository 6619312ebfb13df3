// For bench_start.sh: hello.c in C++.
#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <QWidget>

class Hello : public QWidget {
    void paintEvent(QPaintEvent *) override
    {
        QCoreApplication::exit(0); // asks no window, as bh_app_quit
    }
};

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    Hello window;
    auto *layout = new QVBoxLayout(&window);
    auto *label = new QLabel(&window);
    auto *button = new QPushButton(&window);
    window.setWindowTitle(QStringLiteral("Hello"));
    label->setText(QStringLiteral("Hello from C++."));
    button->setText(QStringLiteral("&Close"));
    layout->addWidget(label, 1);
    layout->addWidget(button);
    QObject::connect(button, &QPushButton::clicked, &window, &QWidget::close);
    window.show();
    return app.exec();
}
